import { totpHmac } from "../../src/crypto/hmac.ts";
import { fromBase32 } from "../../src/domain/encoding.ts";
import { totpCode } from "../../src/methods/totp.ts";
import type { Answer } from "./connection.ts";
import { assertionRequest, PERIOD_SECONDS, passkeyAt, requestOf, type TotpSource } from "./requests.ts";
import { passkeySubject, type Seeded, totpSubject } from "./seed.ts";

/** Sends a request on the connection that the action has, and resolves with the answer. */
export type Ask = (request: Buffer) => Promise<Answer>;

/** One thing that a person does: one request, or two that need each other. Throws when an answer is not as expected. */
export type Action = Readonly<{ kind: Kind; act: (ask: Ask) => Promise<void> }>;

export type Kind = "totp" | "passkey" | "enrolment" | "wrong";

/** Who can be asked for a passkey, and by whom. */
export type Population = Pick<Seeded, "apiKey" | "passkeys">;

/** Right codes without end, to be sent at once. */
export type Codes = Pick<TotpSource, "next" | "step">;

/** Of every twenty actions: 70 % codes, 20 % passkeys, 5 % enrolments, 5 % wrong codes. */
const KINDS: readonly Kind[] = spread({ totp: 14, passkey: 4, enrolment: 1, wrong: 1 });

/**
 * Actions without end, as a population would cause them; the codes move the server's clock along. `run` tells subjects
 * of several mixes over one database apart.
 */
export function actionMix({ apiKey, passkeys }: Population, codes: Codes, run: string): () => Action {
  const counts: Record<Kind, number> = { totp: 0, passkey: 0, enrolment: 0, wrong: 0 };
  let next = 0;

  const acts: Readonly<Record<Kind, (index: number) => Action["act"]>> = {
    totp: () => {
      const request = codes.next();
      return async (ask) => void expect(await ask(request), 200);
    },
    passkey: (index) => async (ask) => {
      const subject = passkeySubject(index % passkeys.length);
      const opened = expect(await ask(requestOf("/v1/challenges", { subject }, apiKey)), 201);
      expect(await ask(assertionRequest(apiKey, passkeyAt(passkeys, index), opened)), 200);
    },
    enrolment: (index) => async (ask) => {
      const subject = `${run}-${index}`;
      const body = expect(await ask(requestOf("/v1/enrolments", { subject, method: "totp" }, apiKey)), 201);
      const { enrolment, totp } = JSON.parse(body) as Readonly<{ enrolment: string; totp: { secret: string } }>;
      const secret = fromBase32(totp.secret) ?? new Uint8Array();
      const code = totpCode(
        { secret, algorithm: "SHA1", digits: 6, periodSeconds: PERIOD_SECONDS },
        codes.step(),
        totpHmac,
      );
      expect(await ask(requestOf(`/v1/enrolments/${enrolment}/confirm`, { totp: code }, apiKey)), 201);
    },
    // The last one enrolled mistypes: each subject once, so that no budget is used up.
    wrong: (index) => async (ask) => {
      const subject = index === 0 ? totpSubject(0) : `${run}-${index - 1}`;
      expect(await ask(requestOf("/v1/verify", { subject, totp: "000000" }, apiKey)), 403);
    },
  };

  return () => {
    const kind = KINDS[next++ % KINDS.length] ?? "totp";
    return { kind, act: acts[kind](counts[kind]++) };
  };
}

/** The body of an answer with that status. */
function expect({ status, body }: Answer, expected: number): string {
  if (status !== expected) throw new Error(`not expected: ${status} ${body}`);
  return body;
}

/** So many of each kind, evenly among one another. */
function spread(counts: Readonly<Record<Kind, number>>): readonly Kind[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const places = (Object.keys(counts) as Kind[]).flatMap((kind) =>
    Array.from({ length: counts[kind] }, (_, index) => ({ kind, at: ((index + 0.5) * total) / counts[kind] })),
  );
  return places.toSorted((a, b) => a.at - b.at).map(({ kind }) => kind);
}
