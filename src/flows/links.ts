import type { Method } from "../domain/authenticator.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import { fromUtf8, toBase64url, toUtf8 } from "../domain/encoding.ts";
import type { Deps } from "../ports/deps.ts";
import type { GrantKind, SessionKind, StoredGrant } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { openSession, type SessionData } from "./sessions.ts";

const TOKEN_BYTES = 32;
/** A link is for the browser that is about to follow it. */
const LINK_MS = 10 * 60 * 1000;

export type PersonLink = Readonly<{ kind: "enrol" | "prompt" | "account"; lookup: string; data: LinkData }>;
/** What a link carries into its session. `proof`: what the relying party has shown, and when the person proved it. */
export type LinkData = SessionData & Readonly<{ proof?: Readonly<{ method: Method; atMs: number }> }>;
export type IssuedLink = Readonly<{ url: string; expiresAtMs: number }>;

/** A one-time link to a page of ours for one subject. Whoever follows it first gets the session. */
export async function issueLink(deps: Deps, call: Call, link: PersonLink): Promise<IssuedLink> {
  const token = toBase64url(deps.random.bytes(TOKEN_BYTES));
  const id = deps.keyring.hash(token);
  const expiresAtMs = call.nowMs + LINK_MS;
  await deps.store.atomically([
    deps.store.grants.insert({
      id,
      kind: link.kind,
      realmId: call.realm.id,
      rpId: call.rpId,
      subjectLookup: link.lookup,
      data: deps.keyring.seal(grantContext(id), toUtf8(JSON.stringify(link.data))),
      createdAtMs: call.nowMs,
      expiresAtMs,
    }),
  ]);
  return { url: `${deps.publicUrl}/enter/${token}`, expiresAtMs };
}

export type Entered = Readonly<{ kind: SessionKind; token: string }>;

/** Uses up a link and opens its session. Used, expired and unknown links answer alike. */
export async function enterLink(
  deps: Deps,
  input: Readonly<{ token: string; requestId: string; nowMs: number }>,
): Promise<Outcome<Entered>> {
  const grant = await deps.store.grants.spend(deps.keyring.hash(input.token), input.nowMs);
  if (!grant) return denied("not_found");
  const { kind, realmId, rpId, subjectLookup } = grant;
  if (!isPersonal(kind) || rpId === null) return denied("not_found");
  const { proof, ...data } = openGrant(deps, grant);
  const proven = { provenAtMs: proof?.atMs ?? null, provenMethod: proof?.method ?? null };
  const session = { kind, realmId, rpId, subjectLookup, ...proven };
  const token = await openSession(deps, { ...session, data, nowMs: input.nowMs });
  const call = { requestId: input.requestId, nowMs: input.nowMs, rpId, realm: await deps.realms.get(realmId) };
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "link_opened", { subjectLookup }))]);
  return granted({ kind, token });
}

function isPersonal(kind: GrantKind): kind is PersonLink["kind"] {
  return kind === "enrol" || kind === "prompt" || kind === "account";
}

/** What a grant carries. Throws KeyringError when it was changed. */
function openGrant(deps: Pick<Deps, "keyring">, grant: StoredGrant): LinkData {
  // Authenticated encryption: it is what the issuer sealed.
  return JSON.parse(fromUtf8(deps.keyring.open(grantContext(grant.id), grant.data))) as LinkData;
}

/** Where a grant's data are sealed to. */
export function grantContext(id: string) {
  return { table: "grants", column: "data", row: id } as const;
}
