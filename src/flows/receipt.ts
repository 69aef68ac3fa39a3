import { toBase64url } from "../domain/encoding.ts";
import type { Deps } from "../ports/deps.ts";
import type { Call } from "./call.ts";
import type { Verdict } from "./verify.ts";

/** The `typ` of receipts: no ID token passes for one. */
export const RECEIPT_TYPE = "countersign-receipt+jwt";
const RECEIPT_SECONDS = 5 * 60;
const JTI_BYTES = 16;

/** A verdict as a signed statement for one relying party, good for five minutes. Times in it are epoch seconds. */
export async function signReceipt(deps: Deps, call: Call, verdict: Verdict): Promise<string> {
  const iat = Math.floor(call.nowMs / 1000);
  return deps.signer.sign(RECEIPT_TYPE, {
    iss: deps.publicUrl,
    aud: call.rpId,
    sub: verdict.subjectId,
    iat,
    exp: iat + RECEIPT_SECONDS,
    jti: toBase64url(deps.random.bytes(JTI_BYTES)),
    acr: verdict.assurance.acr,
    amr: verdict.assurance.amr,
    auth_time: Math.floor(verdict.authTimeMs / 1000),
  });
}
