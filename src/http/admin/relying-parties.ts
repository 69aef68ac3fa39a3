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
import type { ApiKeyView, NewCredentials, RelyingPartyTouches, RelyingPartyView } from "../pages/admin-models.ts";
import type { Form } from "../pages/form.ts";
import type { PageReply } from "../pages/page-route.ts";
import { timeOf } from "../v1/schemas.ts";
import { type AdminContext, type AdminRoute, readTouch, show } from "./admin-route.ts";
import { viewLooks, viewOpenid } from "./registration-view.ts";

/** Where relying parties are listed, and the beginning of what is about one of them. */
export const RELYING_PARTIES = "/admin/relying-parties";
const MAX_REDIRECT_URIS = 20;
const MAX_KEY_DAYS = 3650;

/** `GET /admin/relying-parties` */
export const listRelyingPartiesRoute: AdminRoute = {
  method: "get",
  path: RELYING_PARTIES,
  needs: "read",
  handle: async (context) => showList(context),
};

/** `GET /admin/relying-parties/{id}` */
export const relyingPartyRoute: AdminRoute = {
  method: "get",
  path: `${RELYING_PARTIES}/:id`,
  needs: "read",
  handle: async (context) => showRelyingParty(context, context.path.id ?? ""),
};

/** `POST /admin/relying-parties`: the secrets are in this one answer and nowhere else. */
export const createRelyingPartyRoute: AdminRoute = {
  method: "post",
  path: RELYING_PARTIES,
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
    return showRelyingParty(context, created.value.clientId, { created: created.value });
  },
};

/** `POST /admin/relying-parties/{id}/keys` */
export const createKeyRoute: AdminRoute = {
  method: "post",
  path: `${RELYING_PARTIES}/:id/keys`,
  needs: "manage",
  async handle(context) {
    const { deps, form, path } = context;
    const rpId = path.id ?? "";
    const scopes = SCOPES.filter((scope) => form[`scope:${scope}`] !== undefined);
    const days = readDays(form.expires_in_days ?? "");
    if (scopes.length === 0 || days === undefined) return showRelyingParty(context, rpId, { problem: "invalid_input" });
    const expiresInDays = days === "never" ? undefined : days;
    const key = await createApiKey(deps, actorOf(context), { rpId, scopes, expiresInDays });
    if (!key.ok) return showRelyingParty(context, rpId, { problem: "not_found" });
    return showRelyingParty(context, rpId, { created: { clientId: rpId, apiKey: key.value.apiKey } });
  },
};

/** `POST /admin/relying-parties/{id}/keys/{key}/revoke` */
export const revokeKeyRoute: AdminRoute = {
  method: "post",
  path: `${RELYING_PARTIES}/:id/keys/:key/revoke`,
  needs: "manage",
  async handle(context) {
    const { deps, path } = context;
    const { id: rpId = "", key: keyId = "" } = path;
    const revoked = await revokeApiKey(deps, actorOf(context), { rpId, keyId });
    return revoked.ok
      ? { location: `${RELYING_PARTIES}/${rpId}` }
      : showRelyingParty(context, rpId, { problem: "nothing_to_do" });
  },
};

/** `POST /admin/relying-parties/{id}/revoke` */
export const revokeRelyingPartyRoute: AdminRoute = {
  method: "post",
  path: `${RELYING_PARTIES}/:id/revoke`,
  needs: "manage",
  async handle(context) {
    const { deps, call, form, path } = context;
    const rpId = path.id ?? "";
    const revoked = await revokeWithTouch(deps, call, { rpId, touch: readTouch(form) });
    return revoked.ok
      ? { location: `${RELYING_PARTIES}/${rpId}` }
      : showRelyingParty(context, rpId, { problem: revoked.problem });
  },
};

async function showList(context: AdminContext, problem?: AdminProblem): Promise<PageReply> {
  const all = await context.deps.store.relyingParties.list();
  const relyingParties = await Promise.all(all.map((rp) => viewRelyingParty(context, rp)));
  return show(context, { view: "relying_parties", relyingParties, problem });
}

/** The page of one relying party; the list when there is no such. */
export async function showRelyingParty(
  context: AdminContext,
  id: string,
  outcome: Readonly<{ created?: NewCredentials; problem?: AdminProblem }> = {},
): Promise<PageReply> {
  const { deps, call } = context;
  const rp = await deps.store.relyingParties.find(id);
  if (!rp) return showList(context, "not_found");
  const mayManage = roleMay(call.administrator.role, "manage") && rp.revokedAtMs === null;
  const keys = await deps.store.apiKeys.listOf(id);
  return show(context, {
    view: "relying_party",
    relyingParty: await viewRelyingParty(context, rp),
    openid: viewOpenid(rp),
    looks: await viewLooks(deps, rp.realmId),
    keys: keys.map((key) => viewKey(key, call.nowMs)),
    scopes: SCOPES,
    unknownPerHour: rp.unknownPerHour ?? undefined,
    unknownPerHourOfRealm: (await deps.realms.get(rp.realmId)).policy.scan.unknownPerHour,
    touch: mayManage ? await touchesFor(context, id, keys) : undefined,
    ...outcome,
  });
}

async function touchesFor(
  { deps, call }: AdminContext,
  rpId: string,
  keys: readonly StoredApiKey[],
): Promise<RelyingPartyTouches> {
  const isStopped = keys.some((key) => statusOf(key, call.nowMs) === "stopped");
  return {
    revoke: await askTouch(deps, call, { action: "revoke", rpId }),
    limit: await askTouch(deps, call, { action: "limit_unknown", rpId }),
    lift: isStopped ? await askTouch(deps, call, { action: "lift_scan", rpId }) : undefined,
  };
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
    stoppedKeys: keys.filter((key) => statusOf(key, call.nowMs) === "stopped").length,
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
    stoppedAt: key.scanStoppedAtMs === null ? undefined : timeOf(key.scanStoppedAtMs),
  };
}

function statusOf({ revokedAtMs, expiresAtMs, scanStoppedAtMs }: StoredApiKey, nowMs: number): ApiKeyView["status"] {
  if (revokedAtMs !== null) return "revoked";
  if (expiresAtMs !== null && expiresAtMs <= nowMs) return "expired";
  return scanStoppedAtMs === null ? "active" : "stopped";
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
