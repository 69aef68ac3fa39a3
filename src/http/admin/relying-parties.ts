import { type AdminProblem, readName, roleMay } from "../../domain/administrator.ts";
import { DEFAULT_REALM_ID } from "../../domain/realm.ts";
import { SCOPES } from "../../domain/relying-party.ts";
import { revokeWithTouch } from "../../flows/admin-relying-parties.ts";
import { askTouch } from "../../flows/admin-touch.ts";
import {
  type Actor,
  createApiKey,
  createRelyingParty,
  isUsableRedirectUri,
  revokeApiKey,
} from "../../flows/relying-parties.ts";
import type { StoredApiKey, StoredRelyingParty } from "../../ports/store.ts";
import type { ApiKeyView, NewCredentials, RelyingPartyView } from "../pages/admin-models.ts";
import type { Form } from "../pages/form.ts";
import type { PageReply } from "../pages/page-route.ts";
import { timeOf } from "../v1/schemas.ts";
import { type AdminContext, type AdminRoute, readTouch, show } from "./admin-route.ts";

const LIST = "/admin/relying-parties";
const MAX_REDIRECT_URIS = 20;
const MAX_KEY_DAYS = 3650;

/** `GET /admin/relying-parties` */
export const listRelyingPartiesRoute: AdminRoute = {
  method: "get",
  path: LIST,
  needs: "read",
  handle: async (context) => showList(context),
};

/** `GET /admin/relying-parties/{id}` */
export const relyingPartyRoute: AdminRoute = {
  method: "get",
  path: `${LIST}/:id`,
  needs: "read",
  handle: async (context) => showOne(context, context.path.id ?? ""),
};

/** `POST /admin/relying-parties`: the secrets are in this one answer and nowhere else. */
export const createRelyingPartyRoute: AdminRoute = {
  method: "post",
  path: LIST,
  needs: "manage",
  async handle(context) {
    const { deps, form } = context;
    const name = readName(form.name);
    if (name === undefined) return showList(context, "invalid_name");
    const redirectUris = readRedirectUris(form);
    if (redirectUris === undefined) return showList(context, "invalid_redirect_uri");
    const input = { name, redirectUris, realmId: DEFAULT_REALM_ID };
    const created = await createRelyingParty(deps, actorOf(context), input);
    if (!created.ok) return showList(context, "invalid_redirect_uri");
    return showOne(context, created.value.clientId, { created: created.value });
  },
};

/** `POST /admin/relying-parties/{id}/keys` */
export const createKeyRoute: AdminRoute = {
  method: "post",
  path: `${LIST}/:id/keys`,
  needs: "manage",
  async handle(context) {
    const { deps, form, path } = context;
    const rpId = path.id ?? "";
    const scopes = SCOPES.filter((scope) => form[`scope:${scope}`] !== undefined);
    const days = readDays(form.expires_in_days ?? "");
    if (scopes.length === 0 || days === undefined) return showOne(context, rpId, { problem: "invalid_input" });
    const expiresInDays = days === "never" ? undefined : days;
    const key = await createApiKey(deps, actorOf(context), { rpId, scopes, expiresInDays });
    if (!key.ok) return showOne(context, rpId, { problem: "not_found" });
    return showOne(context, rpId, { created: { clientId: rpId, apiKey: key.value.apiKey } });
  },
};

/** `POST /admin/relying-parties/{id}/keys/{key}/revoke` */
export const revokeKeyRoute: AdminRoute = {
  method: "post",
  path: `${LIST}/:id/keys/:key/revoke`,
  needs: "manage",
  async handle(context) {
    const { deps, path } = context;
    const { id: rpId = "", key: keyId = "" } = path;
    const revoked = await revokeApiKey(deps, actorOf(context), { rpId, keyId });
    return revoked.ok ? { location: `${LIST}/${rpId}` } : showOne(context, rpId, { problem: "nothing_to_do" });
  },
};

/** `POST /admin/relying-parties/{id}/revoke` */
export const revokeRelyingPartyRoute: AdminRoute = {
  method: "post",
  path: `${LIST}/:id/revoke`,
  needs: "manage",
  async handle(context) {
    const { deps, call, form, path } = context;
    const rpId = path.id ?? "";
    const revoked = await revokeWithTouch(deps, call, { rpId, touch: readTouch(form) });
    return revoked.ok ? { location: `${LIST}/${rpId}` } : showOne(context, rpId, { problem: revoked.problem });
  },
};

async function showList(context: AdminContext, problem?: AdminProblem): Promise<PageReply> {
  const all = await context.deps.store.relyingParties.list();
  const relyingParties = await Promise.all(all.map((rp) => viewRelyingParty(context, rp)));
  return show(context, { view: "relying_parties", relyingParties, problem });
}

async function showOne(
  context: AdminContext,
  id: string,
  outcome: Readonly<{ created?: NewCredentials; problem?: AdminProblem }> = {},
): Promise<PageReply> {
  const { deps, call } = context;
  const rp = await deps.store.relyingParties.find(id);
  if (!rp) return showList(context, "not_found");
  const mayRevoke = roleMay(call.administrator.role, "manage") && rp.revokedAtMs === null;
  const keys = await deps.store.apiKeys.listOf(id);
  return show(context, {
    view: "relying_party",
    relyingParty: await viewRelyingParty(context, rp),
    keys: keys.map((key) => viewKey(key, call.nowMs)),
    scopes: SCOPES,
    touch: mayRevoke ? await askTouch(deps, call, { action: "revoke", rpId: id }) : undefined,
    ...outcome,
  });
}

async function viewRelyingParty({ deps, call }: AdminContext, rp: StoredRelyingParty): Promise<RelyingPartyView> {
  const keys = await deps.store.apiKeys.listOf(rp.id);
  return {
    id: rp.id,
    name: rp.name,
    realm: rp.realmId,
    redirectUris: rp.redirectUris,
    status: rp.revokedAtMs === null ? "active" : "revoked",
    createdAt: timeOf(rp.createdAtMs),
    activeKeys: keys.filter((key) => statusOf(key, call.nowMs) === "active").length,
  };
}

function viewKey(key: StoredApiKey, nowMs: number): ApiKeyView {
  return {
    id: key.id,
    prefix: key.prefix,
    scopes: key.scopes,
    createdAt: timeOf(key.createdAtMs),
    expiresAt: key.expiresAtMs === null ? undefined : timeOf(key.expiresAtMs),
    lastUsedAt: key.lastUsedAtMs === null ? undefined : timeOf(key.lastUsedAtMs),
    status: statusOf(key, nowMs),
  };
}

function statusOf({ revokedAtMs, expiresAtMs }: StoredApiKey, nowMs: number): ApiKeyView["status"] {
  if (revokedAtMs !== null) return "revoked";
  return expiresAtMs !== null && expiresAtMs <= nowMs ? "expired" : "active";
}

function actorOf({ call }: AdminContext): Actor {
  return { actor: call.administrator.id, requestId: call.requestId, nowMs: call.nowMs };
}

/** One URI a line; undefined when one of them cannot be used, or there are too many. None is fine: the API needs none. */
function readRedirectUris(form: Form): readonly string[] | undefined {
  const uris = (form.redirect_uris ?? "").split(/\s+/).filter((uri) => uri !== "");
  return uris.length <= MAX_REDIRECT_URIS && uris.every(isUsableRedirectUri) ? uris : undefined;
}

function readDays(text: string): number | "never" | undefined {
  if (text === "") return "never";
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return days >= 1 && days <= MAX_KEY_DAYS ? days : undefined;
}
