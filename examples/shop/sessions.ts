import { randomBytes } from "node:crypto";
import type { Method } from "./countersign-client.ts";

/** Things that the shop wants a fresh proof for, each time. */
export type SensitiveAction = "change_address" | "delete_account";

/** How far somebody has come: nowhere, past the password, or all the way. Only `signed_in` opens the shop. */
export type Standing =
  | Readonly<{ stage: "nobody" }>
  | Readonly<{ stage: "password_checked"; userId: string; atMs: number }>
  | Readonly<{ stage: "signed_in"; userId: string }>;

/**
 * The challenge that is put to the person in this session. Its id stays on the server: it is in no page of ours, so that
 * nobody but the browser that answers it at Countersign can bring it back.
 */
export type Question = Readonly<{
  userId: string;
  why: "sign_in" | SensitiveAction;
  challenge: string;
  subjectId: string;
  methods: readonly Method[];
}>;

/** A proof for one action. Without a challenge it was the password: the person had no second step to ask for. */
export type Confirmation = Readonly<{ action: SensitiveAction; atMs: number; challenge?: string }>;

export type Session = Readonly<{
  id: string;
  /** Posted back with every form. */
  csrf: string;
  expiresAtMs: number;
  standing: Standing;
  question?: Question;
  confirmation?: Confirmation;
  /** Signed in with the password alone, for want of a second step: suggest one. */
  isPasswordOnly?: boolean;
  /** The person was sent to Countersign in order to set up a second step. */
  isSettingUp?: boolean;
  /** Said once, on the next page. */
  notice?: string;
  cart: Readonly<Record<string, number>>;
}>;

type Change = Partial<Omit<Session, "id" | "csrf" | "expiresAtMs">>;

/** Sessions in memory. Every change is applied to what the session is at that moment, not to what it was when read. */
export type Sessions = Readonly<{
  open: () => Session;
  find: (id: string | undefined) => Session | undefined;
  change: (id: string, change: Change) => void;
  /** A new id and token in place of the old ones. A session that has ended meanwhile is not brought back. */
  rotate: (id: string, change: Change) => Session;
  /** Takes the question away, once: undefined when it is not this session's question (any more). */
  takeQuestion: (id: string, challenge: string) => Question | undefined;
  end: (id: string) => void;
  /** Ends the sessions of a customer, but for the one named. */
  endAllOf: (userId: string, exceptId?: string) => void;
}>;

const LIFE_MS = 8 * 60 * 60 * 1000;
/** The password counts for this long while the second step is still to come. */
const PASSWORD_COUNTS_MS = 15 * 60 * 1000;
const MAX_SESSIONS = 10_000;

export function createSessions(): Sessions {
  const byId = new Map<string, Session>();
  const find = (id: string | undefined) => {
    const session = byId.get(id ?? "");
    return session && session.expiresAtMs > Date.now() ? withoutOldPassword(session) : undefined;
  };
  const put = (session: Session) => {
    byId.set(session.id, session);
    const oldest = byId.keys().next().value;
    if (byId.size > MAX_SESSIONS && oldest !== undefined) byId.delete(oldest);
    return session;
  };
  const open = () => put(newSession());
  const change = (id: string, changed: Change) => {
    const session = find(id);
    if (session) put({ ...session, ...changed });
  };
  return {
    open,
    find,
    change,
    rotate(id, changed) {
      const session = find(id);
      byId.delete(id);
      const fresh = newSession();
      if (!session) return put(fresh);
      const { id: freshId, csrf, expiresAtMs } = fresh;
      // What one customer did in this browser is not the next one's.
      const kept = isOtherPerson(session.standing, changed.standing) ? fresh : session;
      return put({ ...kept, ...changed, id: freshId, csrf, expiresAtMs });
    },
    takeQuestion(id, challenge) {
      const question = find(id)?.question;
      if (question?.challenge !== challenge) return undefined;
      change(id, { question: undefined });
      return question;
    },
    end: (id) => void byId.delete(id),
    endAllOf(userId, exceptId) {
      for (const { id, standing } of byId.values()) {
        if (id !== exceptId && userIn(standing) === userId) byId.delete(id);
      }
    },
  };
}

/** A password that was checked too long ago no longer counts for anything. */
function withoutOldPassword(session: Session): Session {
  const { standing } = session;
  if (standing.stage !== "password_checked" || Date.now() - standing.atMs <= PASSWORD_COUNTS_MS) return session;
  const notice = "That took a while. Please sign in once more.";
  return { ...session, standing: { stage: "nobody" }, question: undefined, notice };
}

function isOtherPerson(before: Standing, after: Standing | undefined): boolean {
  return after !== undefined && userIn(before) !== userIn(after);
}

/** Whom a session is about, however far they have come. */
export function userIn(standing: Standing): string | undefined {
  return standing.stage === "nobody" ? undefined : standing.userId;
}

function newSession(): Session {
  return {
    id: randomBytes(32).toString("base64url"),
    csrf: randomBytes(32).toString("base64url"),
    expiresAtMs: Date.now() + LIFE_MS,
    standing: { stage: "nobody" },
    cart: {},
  };
}
