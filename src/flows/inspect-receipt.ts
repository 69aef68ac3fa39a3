import { ACR_VALUES, type Acr } from "../domain/assurance.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import { toBase64url } from "../domain/encoding.ts";
import type { Deps } from "../ports/deps.ts";
import type { Claims } from "../ports/signer.ts";
import { auditOf, type Call } from "./call.ts";
import { RECEIPT_TYPE } from "./receipt.ts";

const ID_BYTES = 16;

/** What a receipt states. Times in epoch milliseconds. */
export type ReceiptStatement = Readonly<{
  subjectId: string;
  acr: Acr;
  amr: readonly string[];
  authTimeMs: number;
  expiresAtMs: number;
}>;

/**
 * What a receipt of the caller's own states, for those who cannot check a JWS. With `singleUse` it counts once. Forged,
 * expired, used and another relying party's receipts are refused alike.
 */
export async function inspectReceipt(
  deps: Deps,
  call: Call,
  { receipt, singleUse }: Readonly<{ receipt: string; singleUse: boolean }>,
): Promise<Outcome<ReceiptStatement>> {
  const claims = await deps.signer.verify(RECEIPT_TYPE, receipt);
  const isOwn = claims?.iss === deps.publicUrl && claims.aud === call.rpId;
  const statement = claims && isOwn ? statementOf(claims) : undefined;
  const isUsed = statement && singleUse && !(await use(deps, call, claims));
  if (statement && !isUsed) return granted(statement);
  const reason = isUsed ? "already_used" : "receipt_invalid";
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "receipt_rejected", { reason }))]);
  return denied("answer_rejected");
}

async function use(deps: Deps, call: Call, claims: Claims | undefined): Promise<boolean> {
  const id = deps.keyring.mac("token", "receipt", call.rpId, String(claims?.jti)).subarray(0, ID_BYTES);
  return deps.store.usedTokens.use(toBase64url(id), Number(claims?.exp) * 1000);
}

function statementOf({ sub, acr, amr, auth_time, exp }: Claims): ReceiptStatement | undefined {
  const level = ACR_VALUES.find((one) => one === acr);
  if (level === undefined || typeof sub !== "string" || !Array.isArray(amr)) return undefined;
  return {
    subjectId: sub,
    acr: level,
    amr: amr.map(String),
    authTimeMs: Number(auth_time) * 1000,
    expiresAtMs: Number(exp) * 1000,
  };
}
