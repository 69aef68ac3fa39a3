import { z } from "@hono/zod-openapi";
import { ACR_VALUES } from "../../domain/assurance.ts";
import { normaliseReference } from "../../domain/ids.ts";

/** A subject reference, in the form that it is hashed in. */
export const subject = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => normaliseReference(text) !== undefined, "is not well-formed text of 1 to 255 characters")
  .transform((text) => normaliseReference(text) ?? "")
  .openapi({
    description: "The person as you name them: opaque to us, compared exactly after NFC, stored only as a keyed hash.",
    example: "user-4711",
  });

const NOT_SHOWABLE = "has characters that cannot be shown";

/** Whether a text is one line that any screen or log can hold: no control characters, no lone surrogates. */
function isShowable(text: string): boolean {
  return text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{26}$`), `is not an id that starts with ${prefix}_`);

export const challengeId = id("ch").openapi({ example: "ch_0abcdefghjkmnpqrstvwxyz012" });
export const enrolmentId = id("en").openapi({ example: "en_0abcdefghjkmnpqrstvwxyz012" });
export const authenticatorId = id("au").openapi({ example: "au_0abcdefghjkmnpqrstvwxyz012" });

export const method = z.enum(["totp", "webauthn", "recovery_code"]);
export const acr = z.enum(ACR_VALUES);
export const label = z
  .string()
  .max(64)
  .refine(isShowable, NOT_SHOWABLE)
  .openapi({ description: "A name that the person will recognise.", example: "Work phone" });
export const reason = z.string().min(1).max(200).refine(isShowable, NOT_SHOWABLE).openapi({
  description: "Goes into the audit log. No identifiers.",
});
export const accountName = z.string().min(1).max(128).openapi({
  description: "Shown in the authenticator app or passkey list; sealed, and erased once the enrolment is confirmed.",
  example: "alice",
});
export const sourceIp = z
  .string()
  .min(2)
  .max(64)
  .openapi({ description: "The address the person comes from, for the limit of each source.", example: "203.0.113.7" });
export const deviceToken = z
  .string()
  .regex(/^dev_[0-9a-z]{26}\.[A-Za-z0-9_-]{43}$/, "is not a device token")
  .openapi({ description: "The `device` of an earlier success on this device." });
export const time = z.string().openapi({ format: "date-time", example: "2026-11-23T08:00:00.000Z" });

export const answerMembers = {
  totp: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .openapi({ description: "The code; spaces and hyphens do not count.", example: "123456" }),
  recovery_code: z.string().min(1).max(128).optional(),
  webauthn: z
    .looseObject({})
    .optional()
    .openapi({ description: "AuthenticationResponseJSON (WebAuthn Level 3 §5.1). Needs a challenge." }),
};

export const authenticator = z
  .object({
    id: z.string(),
    method,
    label: z.string(),
    created_at: time,
    last_used_at: time.optional(),
    provider: z.string().optional().openapi({ description: "Password manager or maker, where known." }),
    synced: z.boolean().optional().openapi({ description: "Passkeys: whether it is copied to other devices." }),
    clone_suspected: z.boolean().optional(),
    recovery_codes_left: z.int().optional(),
  })
  .openapi("Authenticator");

export const verdict = z
  .object({
    verified: z.literal(true),
    challenge: z.string().optional(),
    subject_id: z.string(),
    method,
    authenticator: z.string(),
    acr,
    amr: z.array(z.string()),
    phishing_resistant: z.boolean(),
    user_verified: z.boolean(),
    auth_time: time,
    receipt: z
      .string()
      .optional()
      .openapi({ description: "ES256 JWS, when asked for; keys at /.well-known/jwks.json." }),
    device: z.string().optional().openapi({
      description: "Device token: keep it on this device and send it with the next request about this subject.",
    }),
    recovery_codes_left: z.int().optional(),
  })
  .openapi("Verdict");

/** RFC 3339, UTC. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
