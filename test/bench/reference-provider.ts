/**
 * The yardstick of the OpenID flows: panva's oidc-provider with its in-memory adapter, which asks nobody anything. Its one
 * interaction says at once who has signed in.
 */
import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";
import { BENCH_CLIENT, BENCH_REDIRECT_URI } from "./openid-client.ts";

/** The provider as a server that does not listen yet. */
export async function referenceProvider(): Promise<Server> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const provider: Provider = new Provider("http://localhost:8787", {
    clients: [
      {
        client_id: BENCH_CLIENT.clientId,
        client_secret: BENCH_CLIENT.clientSecret,
        redirect_uris: [BENCH_REDIRECT_URI],
        grant_types: ["authorization_code"],
        response_types: ["code"],
        id_token_signed_response_alg: "ES256",
        token_endpoint_auth_method: "client_secret_basic",
        require_pushed_authorization_requests: true,
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "bench", alg: "ES256", use: "sig" }] },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
    },
    pkce: { required: () => true },
    cookies: { keys: ["bench"] },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    loadExistingGrant: async ({ oidc }: { oidc: { client: { clientId: string }; session: { accountId: string } } }) => {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid");
      await grant.save();
      return grant;
    },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  });
  const answer = provider.callback();
  return createServer((request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response);
    const login = { accountId: "somebody", acr: "phr", amr: ["pop"] };
    return void provider.interactionFinished(request, response, { login });
  });
}
