import { z } from "@hono/zod-openapi";
import { granted } from "../../domain/denial.ts";
import { listAuthenticators, renameForRelyingParty, revokeWithProof } from "../../flows/manage-authenticators.ts";
import { regenerateRecoveryCodes } from "../../flows/recovery-set.ts";
import { route } from "../route.ts";
import { presentAuthenticator } from "./present.ts";
import { authenticator, authenticatorId, challengeId, label, subject } from "./schemas.ts";

export const listAuthenticatorsRoute = route({
  path: "/v1/authenticators/list",
  scope: "authenticators:read",
  tag: "Authenticators",
  summary: "List a subject's authenticators",
  body: z.strictObject({ subject }),
  status: 200,
  reply: z.object({ authenticators: z.array(authenticator) }),
  denials: ["rate_limited"],
  async handle(deps, call, input) {
    const stored = await listAuthenticators(deps, call, { reference: input.subject });
    if (!stored.ok) return stored;
    return granted({ authenticators: await Promise.all(stored.value.map((one) => presentAuthenticator(deps, one))) });
  },
});

export const renameAuthenticatorRoute = route({
  path: "/v1/authenticators/rename",
  scope: "authenticators:write",
  tag: "Authenticators",
  summary: "Rename an authenticator",
  body: z.strictObject({ subject, authenticator: authenticatorId, label }),
  status: 200,
  reply: z.object({ renamed: z.literal(true) }),
  denials: ["not_found", "rate_limited"],
  async handle(deps, call, input) {
    const renamed = await renameForRelyingParty(deps, call, {
      reference: input.subject,
      authenticatorId: input.authenticator,
      label: input.label,
    });
    return renamed.ok ? granted({ renamed: true as const }) : renamed;
  },
});

export const revokeAuthenticatorRoute = route({
  path: "/v1/authenticators/revoke",
  scope: "authenticators:write",
  tag: "Authenticators",
  summary: "Revoke an authenticator",
  description:
    "Needs a proof by the subject: a verified challenge of yours, at most five minutes old, used up by this.",
  body: z.strictObject({ subject, authenticator: authenticatorId, proof: challengeId }),
  status: 200,
  reply: z.object({ revoked: z.literal(true) }),
  denials: ["not_found", "step_up_required", "rate_limited"],
  async handle(deps, call, input) {
    const terms = { reference: input.subject, authenticatorId: input.authenticator, proof: input.proof };
    const revoked = await revokeWithProof(deps, call, terms);
    return revoked.ok ? granted({ revoked: true as const }) : revoked;
  },
});

export const regenerateRecoveryCodesRoute = route({
  path: "/v1/recovery-codes/regenerate",
  scope: "authenticators:write",
  tag: "Authenticators",
  summary: "Replace a subject's recovery codes",
  description: "The old set stops working at once.",
  body: z.strictObject({ subject, proof: challengeId }),
  status: 200,
  reply: z.object({ recovery_codes: z.array(z.string()) }),
  denials: ["step_up_required", "challenge_closed", "rate_limited"],
  async handle(deps, call, input) {
    const codes = await regenerateRecoveryCodes(deps, call, { reference: input.subject, proof: input.proof });
    return codes.ok ? granted({ recovery_codes: [...codes.value] }) : codes;
  },
});
