/**
 * All that a relying party needs in order to use Countersign: JSON over `fetch`, and one rule: **anything but 2xx is not
 * verified**. A refusal, an outage, a timeout and an answer that is not as documented all come back as a `Problem`.
 */

export type Method = "totp" | "webauthn" | "recovery_code";

/** `code` is Countersign's own, or `unreachable` when no usable answer came. */
export type Problem = Readonly<{ code: string; status: number; retryAfterSeconds?: number }>;

export type Result<T> = Readonly<{ ok: true; value: T }> | Readonly<{ ok: false; problem: Problem }>;

export type Challenge = Readonly<{ challenge: string; subject_id: string; methods: readonly Method[] }>;
export type Verdict = Readonly<{
  verified: true;
  challenge: string;
  subject_id: string;
  method: Method;
  recovery_codes_left?: number;
}>;
export type Status = Readonly<{ enrolled: boolean; methods: readonly Method[] }>;
export type Assessment = Readonly<{
  acceptable: boolean;
  violations: readonly string[];
  feedback: Readonly<{ warning: string | null; suggestions: readonly string[] }>;
}>;
export type CountersignEvent = Readonly<{
  kind: string;
  at: string;
  subject_id?: string;
  method?: Method;
  by_administrator: boolean;
}>;

export type ChallengeTerms = Readonly<{ subject: string; acr?: string; sourceIp?: string }>;
export type CodeAnswer = Readonly<{ totp: string }> | Readonly<{ recovery_code: string }>;
export type LinkTerms =
  | Readonly<{ page: "prompt"; challenge: string; return_url: string }>
  | Readonly<{ page: "enrol" | "account"; subject: string; return_url: string; account_name?: string }>;

export type CountersignClient = Readonly<{
  /** Opens a challenge for somebody whose password was right a moment ago. */
  openChallenge: (terms: ChallengeTerms) => Promise<Result<Challenge>>;
  /** Verifies a code for a challenge, and uses it up. */
  verify: (challenge: string, answer: CodeAnswer, sourceIp?: string) => Promise<Result<Verdict>>;
  /** The verdict on a challenge that was answered on Countersign's own page; given out once. */
  redeem: (challenge: string) => Promise<Result<Verdict>>;
  /** A one-time link to a page of Countersign's: send the browser there at once. */
  link: (terms: LinkTerms) => Promise<Result<string>>;
  status: (subject: string) => Promise<Result<Status>>;
  deleteSubject: (
    subject: string,
    because: Readonly<{ proof: string }> | Readonly<{ reason: string }>,
  ) => Promise<Result<true>>;
  assessPassword: (
    terms: Readonly<{ password: string; context: readonly string[]; use: "single_factor" | "with_second_factor" }>,
  ) => Promise<Result<Assessment>>;
  /** Events of everybody, oldest first, from a cursor on. */
  listEvents: (after: string) => Promise<Result<Readonly<{ events: readonly CountersignEvent[]; next: string }>>>;
}>;

type Json = Readonly<Record<string, unknown>>;

/** `baseUrl` is where Countersign is, without a trailing slash; `timeoutMs` bounds every call. */
export function createCountersignClient(
  options: Readonly<{ baseUrl: string; apiKey: string; timeoutMs?: number }>,
): CountersignClient {
  const post = <T>(path: string, body: Json, isAsDocumented: (reply: Json) => boolean) =>
    call<T>({ timeoutMs: 5000, ...options, path, body, isAsDocumented });
  return {
    openChallenge: ({ subject, acr, sourceIp }) =>
      post(
        "/v1/challenges",
        { subject, acr, lane: { first_factor: true }, source_ip: sourceIp },
        (reply) => isText(reply.challenge) && isText(reply.subject_id) && Array.isArray(reply.methods),
      ),
    verify: (challenge, answer, sourceIp) =>
      post("/v1/verify", { challenge, ...answer, source_ip: sourceIp }, (reply) => isVerdictOn(challenge, reply)),
    redeem: (challenge) => post("/v1/challenges/redeem", { challenge }, (reply) => isVerdictOn(challenge, reply)),
    link: async (terms) => {
      const made = await post<Readonly<{ url: string }>>("/v1/links", terms, (reply) => isText(reply.url));
      return made.ok ? { ok: true, value: made.value.url } : made;
    },
    // Whether a second factor is asked for hangs on this answer: "no answer" must never read as "not enrolled".
    status: (subject) =>
      post(
        "/v1/subjects/status",
        { subject },
        (reply) => typeof reply.enrolled === "boolean" && Array.isArray(reply.methods),
      ),
    deleteSubject: async (subject, because) => {
      const done = await post("/v1/subjects/delete", { subject, ...because }, (reply) => reply.deleted === true);
      return done.ok ? { ok: true, value: true } : done;
    },
    assessPassword: (terms) =>
      post("/v1/passwords/assess", terms, (reply) => typeof reply.acceptable === "boolean" && isObject(reply.feedback)),
    listEvents: (after) =>
      post("/v1/events/list", { after }, (reply) => Array.isArray(reply.events) && isText(reply.next)),
  };
}

type Call = Readonly<{
  baseUrl: string;
  apiKey: string;
  timeoutMs: number;
  path: string;
  body: Json;
  isAsDocumented: (reply: Json) => boolean;
}>;

const UNREACHABLE: Readonly<{ ok: false; problem: Problem }> = {
  ok: false,
  problem: { code: "unreachable", status: 0 },
};

async function call<T>(of: Call): Promise<Result<T>> {
  try {
    const response = await fetch(`${of.baseUrl}${of.path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${of.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(of.body),
      redirect: "error",
      signal: AbortSignal.timeout(of.timeoutMs),
    });
    const reply: unknown = await response.json();
    if (!isObject(reply)) return UNREACHABLE;
    if (!response.ok) return { ok: false, problem: problemIn(response, reply) };
    // The members that decisions rest on are checked on this line; the others are only shown.
    return of.isAsDocumented(reply) ? { ok: true, value: reply as T } : UNREACHABLE;
  } catch {
    return UNREACHABLE;
  }
}

/** A verdict counts only for the challenge that was asked about. */
function isVerdictOn(challenge: string, reply: Json): boolean {
  return reply.verified === true && reply.challenge === challenge && isText(reply.subject_id);
}

function problemIn(response: Response, reply: Json): Problem {
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  return {
    code: isText(reply.code) ? reply.code : "unreachable",
    status: response.status,
    retryAfterSeconds: Number.isInteger(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
