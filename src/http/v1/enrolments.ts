import { z } from "@hono/zod-openapi";
import { denied, granted } from "../../domain/denial.ts";
import { authenticatorIdOf, enrolmentIdOf } from "../../domain/ids.ts";
import type { Call } from "../../flows/call.ts";
import { confirmEnrolment } from "../../flows/confirm-enrolment.ts";
import { describePasskey, describeTotp } from "../../flows/describe-enrolment.ts";
import { issueLink } from "../../flows/links.ts";
import { requestEnrolment } from "../../flows/start-enrolment.ts";
import { publicSubjectId } from "../../flows/subject.ts";
import { qrSvg } from "../../methods/qr-svg.ts";
import type { Deps } from "../../ports/deps.ts";
import type { StoredAuthenticator } from "../../ports/store.ts";
import { route } from "../route.ts";
import { presentAuthenticator } from "./present.ts";
import {
  accountName,
  authenticator,
  challengeId,
  enrolmentId,
  label,
  method,
  subject,
  time,
  timeOf,
} from "./schemas.ts";

const recoveryCodes = z.array(z.string()).optional().openapi({ description: "Ten codes, shown this once." });

export const startEnrolmentRoute = route({
  path: "/v1/enrolments",
  scope: "enrolments:write",
  tag: "Enrolment",
  summary: "Start an enrolment",
  description:
    "Nothing changes until it is confirmed, within ten minutes. A subject that has an authenticator needs a proof.",
  body: z.strictObject({
    subject,
    method,
    account_name: accountName.optional(),
    label: label.optional(),
    proof: challengeId.optional(),
  }),
  status: 201,
  reply: z
    .object({
      enrolment: z.string(),
      subject_id: z.string(),
      method,
      expires_at: time,
      url: z.string().openapi({ description: "One-time link to our page for the same enrolment." }),
      totp: z.object({ secret: z.string(), uri: z.string(), qr_svg: z.string() }).optional(),
      webauthn: z.object({ options: z.looseObject({}) }).optional(),
    })
    .openapi("Enrolment"),
  denials: ["step_up_required", "rate_limited"],
  async handle(deps, call, input) {
    const { subject: reference, account_name, ...rest } = input;
    const started = await requestEnrolment(deps, call, { ...rest, reference, accountName: account_name });
    if (!started.ok) return started;
    const pending = started.value;
    const data = { enrolment: pending.id, enrolmentIsFixed: true };
    const link = await issueLink(deps, call, { kind: "enrol", lookup: pending.subjectLookup, data });
    return granted({
      enrolment: enrolmentIdOf(pending.id),
      subject_id: publicSubjectId(deps.keyring, call.rpId, pending.subjectLookup),
      method: pending.method,
      expires_at: timeOf(pending.expiresAtMs ?? call.nowMs),
      url: link.url,
      totp: pending.method === "totp" ? await presentTotp(deps, call, pending) : undefined,
      webauthn:
        pending.method === "webauthn" ? { options: { ...(await describePasskey(deps, call, pending)) } } : undefined,
    });
  },
});

export const confirmEnrolmentRoute = route({
  path: "/v1/enrolments/{enrolment}/confirm",
  scope: "enrolments:write",
  tag: "Enrolment",
  summary: "Confirm an enrolment",
  description:
    "With the first code, or the passkey's answer; an empty body for recovery codes. The code is thereby used up.",
  body: z
    .strictObject({
      totp: z.string().min(1).max(64).optional(),
      webauthn: z
        .looseObject({})
        .optional()
        .openapi({ description: "RegistrationResponseJSON (WebAuthn Level 3 §5.1)." }),
      label: label.optional(),
    })
    .refine(({ totp, webauthn }) => totp === undefined || webauthn === undefined, "has both totp and webauthn"),
  status: 201,
  reply: z.object({ authenticator, recovery_codes: recoveryCodes }),
  denials: ["not_found", "answer_rejected"],
  async handle(deps, call, input, path) {
    const enrolment = enrolmentId.safeParse(path.enrolment);
    if (!enrolment.success) return denied("not_found");
    const confirmed = await confirmEnrolment(deps, call, {
      authenticatorId: authenticatorIdOf(enrolment.data),
      createdBy: call.rpId,
      answer: answerIn(input),
      label: input.label,
    });
    if (!confirmed.ok) return confirmed;
    const { authenticator: made, recoveryCodes: codes } = confirmed.value;
    return granted({ authenticator: await presentAuthenticator(deps, made), recovery_codes: codes && [...codes] });
  },
});

async function presentTotp(deps: Deps, call: Call, pending: StoredAuthenticator) {
  const rp = await deps.store.relyingParties.find(call.rpId);
  const { secret, uri } = describeTotp(deps, call, pending, rp?.name ?? call.realm.name);
  return { secret, uri, qr_svg: qrSvg({ text: uri, label: "QR code" }) };
}

function answerIn(input: Readonly<{ totp?: string; webauthn?: unknown }>) {
  if (input.totp !== undefined) return { totp: input.totp };
  if (input.webauthn !== undefined) return { webauthn: input.webauthn };
  return { recoveryCodes: true } as const;
}
