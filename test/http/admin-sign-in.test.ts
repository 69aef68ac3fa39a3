import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/server";
import { expect, test } from "vitest";
import { toBase64url } from "../../src/domain/encoding.ts";
import { administer, signIn } from "../support/admin.ts";
import { useService } from "../support/use-service.ts";
import { createAuthenticator } from "../support/virtual-authenticator.ts";

const use = useService();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test("a sign-in asks for any discoverable passkey, with user verification", async () => {
  const page = await administer(use.service).browser().get("/admin/sign-in");
  expect(page.model.options).toMatchObject({ rpId: "localhost", allowCredentials: [], userVerification: "required" });
});

test("every refusal of a passkey is the same, whatever was wrong with it", async () => {
  const { signedIn } = administer(use.service);
  const other = createAuthenticator({ rpId: "localhost", origin: "http://localhost:8787" });
  const bodies = new Set<string>();
  const ada = await signedIn("owner");
  await ada.post("/admin/sign-out");
  const wrongs = [
    { userVerified: false },
    { userHandle: null },
    { userHandle: toBase64url(new Uint8Array(64)) },
    { origin: "https://evil.example" },
    { challenge: toBase64url(new Uint8Array(32)) },
    { rpId: "evil.example" },
    { signature: () => new Uint8Array(70) },
  ];
  for (const overrides of wrongs) bodies.add(shape(await signIn(ada, overrides)));
  other.register(STRANGER);
  const page = await ada.get("/admin/sign-in");
  // The server's own options.
  const options = page.model.options as PublicKeyCredentialRequestOptionsJSON;
  bodies.add(shape(await ada.post("/admin/sign-in", { webauthn: JSON.stringify(other.authenticate(options)) })));
  for (const webauthn of ["", "{", "[]", '{"id":1}']) bodies.add(shape(await ada.post("/admin/sign-in", { webauthn })));
  expect([...bodies]).toEqual(['403 sign_in passkey_refused ["csrf","host","lang","options","page","problem","view"]']);
  expect((await signIn(ada, { signCount: 50 })).location).toBe("/admin/subjects");
});

function shape({ status, model }: Awaited<ReturnType<typeof signIn>>): string {
  return `${status} ${model.view} ${model.problem} ${JSON.stringify(Object.keys(model).sort())}`;
}

const STRANGER = {
  rp: { id: "localhost", name: "Other" },
  user: { id: toBase64url(new Uint8Array(64).fill(3)), name: "eve", displayName: "eve" },
  challenge: "AAAA",
  pubKeyCredParams: [{ type: "public-key" as const, alg: -7 }],
};

test("one answer counts for one question: a second answer to it is refused", async () => {
  const { signedIn, browser } = administer(use.service);
  const ada = await signedIn("owner");
  await ada.post("/admin/sign-out");
  const page = await ada.get("/admin/sign-in");
  const cookie = ada.cookie() ?? "";
  // The server's own options.
  const options = page.model.options as PublicKeyCredentialRequestOptionsJSON;
  const webauthn = JSON.stringify(ada.passkeys.authenticate(options));
  const thief = browser();
  thief.takeCookie(cookie);
  const answers = await Promise.all([
    ada.post("/admin/sign-in", { webauthn }),
    ada.post("/admin/sign-in", { webauthn }),
    ada.post("/admin/sign-in", { webauthn }),
  ]);
  expect(answers.filter(({ location }) => location === "/admin/subjects")).toHaveLength(1);
});

test("an answer to another browser's question signs nobody in", async () => {
  const { signedIn, browser } = administer(use.service);
  const ada = await signedIn("owner");
  await ada.post("/admin/sign-out");
  // The server's own options.
  const options = (await ada.get("/admin/sign-in")).model.options as PublicKeyCredentialRequestOptionsJSON;
  const webauthn = JSON.stringify(ada.passkeys.authenticate(options));
  const thief = browser();
  await thief.get("/admin/sign-in");
  expect((await thief.post("/admin/sign-in", { webauthn })).status).toBe(403);
});

test("a question is too old after five minutes", async () => {
  const { signedIn } = administer(use.service);
  const ada = await signedIn("owner");
  await ada.post("/admin/sign-out");
  // The server's own options.
  const options = (await ada.get("/admin/sign-in")).model.options as PublicKeyCredentialRequestOptionsJSON;
  use.service.clock.advance(5 * MINUTE_MS);
  const late = await ada.post("/admin/sign-in", { webauthn: JSON.stringify(ada.passkeys.authenticate(options)) });
  expect(late.status).toBe(403);
  expect((await signIn(ada)).location).toBe("/admin/subjects");
});

test("a session ends after fifteen minutes without use", async () => {
  const ada = await administer(use.service).signedIn("owner");
  use.service.clock.advance(14 * MINUTE_MS);
  expect((await ada.get("/admin/subjects")).status).toBe(200);
  use.service.clock.advance(15 * MINUTE_MS);
  expect((await ada.get("/admin/subjects")).location).toBe("/admin/sign-in");
});

test("a session ends after twelve hours, however much it is used", async () => {
  const ada = await administer(use.service).signedIn("owner");
  for (let at = 0; at < 12 * HOUR_MS - 10 * MINUTE_MS; at += 10 * MINUTE_MS) {
    use.service.clock.advance(10 * MINUTE_MS);
    expect((await ada.get("/admin")).location).toBe("/admin/subjects");
  }
  use.service.clock.advance(10 * MINUTE_MS);
  expect((await ada.get("/admin")).location).toBe("/admin/sign-in");
});

test("signing in gives a new session, and signing out kills it on the server", async () => {
  const { signedIn, browser } = administer(use.service);
  const ada = await signedIn("owner");
  await ada.post("/admin/sign-out");
  await ada.get("/admin/sign-in");
  const before = ada.cookie();
  await signIn(ada);
  const after = ada.cookie() ?? "";
  expect(after).not.toBe(before);
  const fixed = browser();
  fixed.takeCookie(before ?? "");
  expect((await fixed.get("/admin/subjects")).location).toBe("/admin/sign-in");
  const out = await ada.post("/admin/sign-out");
  expect(out.headers.get("clear-site-data")).toContain("storage");
  const thief = browser();
  thief.takeCookie(after);
  expect((await thief.get("/admin/subjects")).location).toBe("/admin/sign-in");
});

test("sign-in and refusal are written down, with who and why", async () => {
  const ada = await administer(use.service).signedIn("owner");
  await ada.post("/admin/sign-out");
  await signIn(ada, { userVerified: false });
  await signIn(ada);
  const events = await use.service.deps.store.audit.list({ limit: 100 });
  const own = events.filter(({ realmId }) => realmId === "admin");
  const kinds = own.map(({ kind, reason }) => (reason === null ? kind : `${kind} ${reason}`)).reverse();
  expect(kinds).toEqual([
    "administrator_invited owner",
    "enrolment_started",
    "administrator_added owner",
    "administrator_signed_in",
    "session_closed",
    "administrator_refused user_unverified",
    "administrator_signed_in",
  ]);
});

test("a form from elsewhere, or without the page's token, changes nothing", async () => {
  const ada = await administer(use.service).signedIn("owner");
  await ada.get("/admin/relying-parties");
  const fields = { name: "Evil", redirect_uris: "" };
  const foreign = await ada.post("/admin/relying-parties", fields, { "sec-fetch-site": "cross-site" });
  const forged = await ada.post("/admin/relying-parties", { ...fields, csrf: "" });
  expect([foreign.status, forged.status]).toEqual([400, 400]);
  expect(await use.service.deps.store.relyingParties.list()).toHaveLength(1);
});

test("a passkey whose counter went back is refused and marked", async () => {
  const ada = await administer(use.service).signedIn("owner");
  await ada.post("/admin/sign-out");
  await signIn(ada, { signCount: 9 });
  await ada.post("/admin/sign-out");
  expect((await signIn(ada, { signCount: 3 })).status).toBe(403);
  const [one] = await use.service.deps.store.administrators.list();
  const [passkey] = await use.service.deps.store.authenticators.listActive(one?.subjectLookup ?? "");
  expect(passkey?.cloneSuspectedAtMs).toBe(use.service.clock.now());
});

test("one address may ask for the sign-in page sixty times at once, and others go on", async () => {
  const { browser } = administer(use.service);
  const [flooder, neighbour] = [browser("192.0.2.1"), browser("192.0.2.2")];
  const statuses = [];
  for (let n = 0; n < 60; n++) statuses.push((await flooder.get("/admin/sign-in")).status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect((await flooder.post("/admin/sign-in")).status).toBe(429);
  expect((await flooder.get("/admin/sign-in")).status).toBe(429);
  expect((await neighbour.get("/admin/sign-in")).status).toBe(200);
});
