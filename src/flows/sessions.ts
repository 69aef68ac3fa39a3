import { fromUtf8, toBase64url, toUtf8 } from "../domain/encoding.ts";
import type { Deps } from "../ports/deps.ts";
import type { SessionKind, StoredSession } from "../ports/store.ts";

const TOKEN_BYTES = 32;
const HOUR_MS = 60 * 60 * 1000;

/** Use is noted no more often than this: an idle session may end so much early. */
const SEEN_EVERY_MS = 10_000;

/** How long a session lasts at most, and how long without use (requirement S-04). */
const LIMITS: Readonly<Record<SessionKind, Readonly<{ overallMs: number; idleMs: number }>>> = {
  enrol: { overallMs: 24 * HOUR_MS, idleMs: HOUR_MS },
  prompt: { overallMs: 24 * HOUR_MS, idleMs: HOUR_MS },
  account: { overallMs: 24 * HOUR_MS, idleMs: HOUR_MS },
  admin: { overallMs: 12 * HOUR_MS, idleMs: HOUR_MS / 4 },
};

/** What a browser session carries from page to page; sealed at rest. Ids only, no codes, no secrets. */
export type SessionData = Readonly<{
  /** Where to send the person when done: one of the relying party's registered URIs, exactly. */
  returnUrl?: string;
  accountName?: string;
  /** The API key that asked for the link: what the page tells of an unknown subject is counted for it. */
  keyId?: string;
  /** The OpenID request that the person came with (grant id), and whether it vouches for a first enrolment. */
  authorization?: Readonly<{ request: string; mayEnrol: boolean }>;
  /** Languages that the relying party asked for, best first. */
  uiLocales?: readonly string[];
  /** The challenge that was last answered on the account page. */
  answered?: string;
  /** The challenge on the page. */
  challenge?: string;
  /** The pending enrolment on the page (authenticator id). */
  enrolment?: string;
  /** The enrolment was asked for by the API, for one method: the person does not choose. */
  enrolmentIsFixed?: boolean;
  /** What was just added, until the person goes on. */
  added?: string;
  /** Wrong answers on the page so far. */
  misses?: number;
  /** The person said "later" to a suggestion. */
  remindLater?: boolean;
  /** What the next page should say was done. */
  done?: string;
  /** What waits for a fresh proof on the account page. */
  wants?: AccountWish;
  /** When the person last went to add an authenticator from the account page. */
  addingSinceMs?: number;
  /** Enrolment goes on at the account page: one that is open already, or one still to be opened. */
  account?: "open" | "wanted";
  /** The administrator who is signed in. */
  administrator?: string;
  /** The invitation (grant id) that is being accepted; nobody is signed in. */
  invitation?: string;
}>;

/** A change that a person asked for on the account page. */
export type AccountWish =
  | Readonly<{ change: "add"; method: "totp" | "webauthn" }>
  | Readonly<{ change: "remove"; authenticator: string }>
  | Readonly<{ change: "renew_codes" }>;

export type Session = Readonly<{ stored: StoredSession; data: SessionData; csrf: string }>;

export type NewSession = Readonly<
  Pick<StoredSession, "kind" | "realmId" | "rpId" | "subjectLookup" | "provenAtMs" | "provenMethod"> & {
    data: SessionData;
    nowMs: number;
  }
>;

/** Opens a session and returns its token: 256 random bits, of which only the hash is stored. */
export async function openSession(deps: Deps, session: NewSession): Promise<string> {
  const token = toBase64url(deps.random.bytes(TOKEN_BYTES));
  const id = deps.keyring.hash(token);
  const { data, nowMs, ...rest } = session;
  const expiresAtMs = nowMs + LIMITS[session.kind].overallMs;
  const stored = { ...rest, id, data: sealData(deps, id, data), createdAtMs: nowMs, seenAtMs: nowMs, expiresAtMs };
  await deps.store.atomically([deps.store.sessions.insert(stored)]);
  return token;
}

/** The session behind a token, unless over, idle for too long or of another kind. Reading it counts as use. */
export async function readSession(
  deps: Deps,
  of: Readonly<{ kind: SessionKind; token: string | undefined; nowMs: number }>,
): Promise<Session | undefined> {
  if (of.token === undefined) return undefined;
  const id = deps.keyring.hash(of.token);
  const stored = await deps.store.sessions.find(id, of.kind, of.nowMs, LIMITS[of.kind].idleMs);
  if (!stored) return undefined;
  if (of.nowMs - stored.seenAtMs >= SEEN_EVERY_MS) await deps.store.atomically([deps.store.sessions.see(id, of.nowMs)]);
  const csrf = toBase64url(deps.keyring.mac("csrf", id));
  return { stored, data: openData(deps, stored), csrf };
}

/** Changes what the session carries; members given as undefined are dropped. */
export async function updateSession(deps: Deps, session: Session, change: Partial<SessionData>): Promise<Session> {
  const { id } = session.stored;
  const data = { ...session.data, ...change };
  await deps.store.atomically([deps.store.sessions.setData(id, sealData(deps, id, data))]);
  return { ...session, data };
}

/** A new session, with a new token, in place of the old one: at every rise in what the session may do (S-02). */
export async function replaceSession(
  deps: Deps,
  session: Session,
  change: Readonly<
    { nowMs: number; data?: Partial<SessionData> } & Partial<Pick<StoredSession, "provenAtMs" | "provenMethod">>
  >,
): Promise<string> {
  const { nowMs, data, ...proven } = change;
  const { kind, realmId, rpId, subjectLookup, provenAtMs, provenMethod } = session.stored;
  await endSession(deps, session);
  const next = { kind, realmId, rpId, subjectLookup, provenAtMs, provenMethod, ...proven };
  return openSession(deps, { ...next, nowMs, data: { ...session.data, ...data } });
}

/** Ends the session on the server. */
export async function endSession(deps: Deps, session: Session): Promise<void> {
  await deps.store.atomically([deps.store.sessions.end(session.stored.id)]);
}

function dataContext(id: string) {
  return { table: "sessions", column: "data", row: id } as const;
}

function sealData(deps: Deps, id: string, data: SessionData): string {
  return deps.keyring.seal(dataContext(id), toUtf8(JSON.stringify(data)));
}

function openData(deps: Deps, stored: StoredSession): SessionData {
  // Authenticated encryption: it is what `sealData` wrote.
  return JSON.parse(fromUtf8(deps.keyring.open(dataContext(stored.id), stored.data))) as SessionData;
}
