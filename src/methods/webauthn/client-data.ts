import { type Bytes, fromUtf8 } from "../../domain/encoding.ts";
import type { RejectionReason } from "../../domain/evidence.ts";

type ClientDataExpectation = Readonly<{
  type: "webauthn.create" | "webauthn.get";
  /** base64url without padding, compared as text */
  challenge: string;
  origins: readonly string[];
}>;

/**
 * Why client data are refused, or undefined when they fit (WebAuthn L3 §7.1 steps 5 to 11, §7.2 steps 9 to 14).
 * Framing is never expected here: `crossOrigin` must be absent or false and `topOrigin` absent. A byte order mark is
 * dropped and unknown members are ignored, as §5.8.1 asks.
 */
export function findClientDataFault(bytes: Bytes, expected: ClientDataExpectation): RejectionReason | undefined {
  const clientData = parse(bytes);
  if (clientData === undefined) return "malformed";
  if (clientData.type !== expected.type) return "wrong_type";
  if (expected.challenge === "" || clientData.challenge !== expected.challenge) return "wrong_challenge";
  if (!expected.origins.some((origin) => origin === clientData.origin)) return "wrong_origin";
  if (clientData.crossOrigin !== undefined && clientData.crossOrigin !== false) return "cross_origin";
  return clientData.topOrigin === undefined ? undefined : "cross_origin";
}

type ClientData = Readonly<Record<"type" | "challenge" | "origin" | "crossOrigin" | "topOrigin", unknown>>;

function parse(bytes: Bytes): ClientData | undefined {
  try {
    const { type, challenge, origin, crossOrigin, topOrigin }: Partial<ClientData> = JSON.parse(fromUtf8(bytes));
    return { type, challenge, origin, crossOrigin, topOrigin };
  } catch {
    // Not UTF-8, not JSON, or JSON null.
    return undefined;
  }
}
