import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server";
import { expect, test } from "vitest";
import { acceptInvitation, administer, signIn, viewOf } from "../support/admin.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const DAY_MS = 24 * 60 * 60 * 1000;

test("the first administrator comes in by a link and a passkey, and signs in with it from then on", async () => {
  const { browser, invite } = administer(use.service);
  const ada = browser();
  const joined = await acceptInvitation(ada, await invite("owner"), "Ada");
  expect(joined.location).toBe("/admin/subjects");
  expect(viewOf(await ada.get("/admin/subjects"), "find").self).toMatchObject({ name: "Ada", role: "owner" });
  await ada.post("/admin/sign-out");
  expect((await ada.get("/admin/subjects")).location).toBe("/admin/sign-in");
  expect((await signIn(ada)).location).toBe("/admin/subjects");
  expect(viewOf(await ada.get("/admin/subjects"), "find").self.name).toBe("Ada");
});

test("the passkey that is asked for is discoverable and verifies the user", async () => {
  const { browser, invite } = administer(use.service);
  const ada = browser();
  await ada.get(new URL(await invite("owner")).pathname);
  const page = await ada.get("/admin/invite");
  expect(page.model.options).toMatchObject({
    rp: { id: "localhost" },
    user: { name: "owner" },
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  });
});

test("a link makes one administrator, however often it is followed", async () => {
  const { browser, invite } = administer(use.service);
  const url = await invite("owner");
  const [first, second] = [browser(), browser()];
  await second.get(new URL(url).pathname);
  const page = await second.get("/admin/invite");
  expect((await acceptInvitation(first, url)).location).toBe("/admin/subjects");
  // The server's own options.
  const options = page.model.options as PublicKeyCredentialCreationOptionsJSON;
  const late = await second.post("/admin/invite", {
    name: "Eve",
    webauthn: JSON.stringify(second.passkeys.register(options)),
  });
  expect(late.location).not.toBe("/admin/subjects");
  expect((await browser().get(new URL(url).pathname)).status).toBe(404);
  expect(await use.service.deps.store.administrators.list()).toHaveLength(1);
});

test("ten answers to one link at once make one administrator", async () => {
  const { browser, invite } = administer(use.service);
  const url = await invite("operator");
  const browsers = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const one = browser();
      await one.get(new URL(url).pathname);
      // The server's own options.
      const options = (await one.get("/admin/invite")).model.options as PublicKeyCredentialCreationOptionsJSON;
      return { one, webauthn: JSON.stringify(one.passkeys.register(options)) };
    }),
  );
  const answers = await Promise.all(
    browsers.map(({ one, webauthn }) => one.post("/admin/invite", { name: "Ada", webauthn })),
  );
  expect(answers.filter(({ location }) => location === "/admin/subjects")).toHaveLength(1);
  expect(await use.service.deps.store.administrators.list()).toHaveLength(1);
});

test("following the link uses nothing up: a preview, another browser and a reload all leave it open", async () => {
  const { browser, invite } = administer(use.service);
  const url = await invite("owner");
  const path = new URL(url).pathname;
  await browser().get(path);
  const ada = browser();
  await ada.get(path);
  await ada.get("/admin/invite");
  expect((await acceptInvitation(ada, url)).location).toBe("/admin/subjects");
});

test("the token leaves the address bar and is in no page", async () => {
  const { browser, invite } = administer(use.service);
  const url = await invite("owner");
  const token = url.split("/").at(-1) ?? "";
  const ada = browser();
  const entered = await ada.get(new URL(url).pathname);
  expect([entered.status, entered.location]).toEqual([303, "/admin/invite"]);
  expect((await ada.get("/admin/invite")).text).not.toContain(token);
});

test("a link is dead after a day, and looks like one that never was", async () => {
  const { browser, invite } = administer(use.service);
  const url = await invite("owner");
  use.service.clock.advance(DAY_MS);
  const old = await browser().get(new URL(url).pathname);
  const unknown = await browser().get(`/admin/invite/${"x".repeat(43)}`);
  expect([old.status, old.model.view]).toEqual([404, "link_expired"]);
  expect(unknown.text).toBe(old.text);
});

test("an invited person who is not there yet may see no other page", async () => {
  const { browser, invite } = administer(use.service);
  const ada = browser();
  await ada.get(new URL(await invite("owner")).pathname);
  for (const path of ["/admin", "/admin/subjects", "/admin/audit", "/admin/administrators"]) {
    expect((await ada.get(path)).location).toBe("/admin/sign-in");
  }
});

test("a passkey without user verification makes no administrator, and the link stays open", async () => {
  const { browser, invite } = administer(use.service);
  const ada = browser();
  const url = await invite("owner");
  await ada.get(new URL(url).pathname);
  // The server's own options.
  const options = (await ada.get("/admin/invite")).model.options as PublicKeyCredentialCreationOptionsJSON;
  const webauthn = JSON.stringify(ada.passkeys.register(options, { userVerified: false }));
  const refused = await ada.post("/admin/invite", { name: "Ada", webauthn });
  expect([refused.status, refused.model.problem]).toEqual([403, "passkey_refused"]);
  expect((await acceptInvitation(browser(), url)).location).toBe("/admin/subjects");
});

test("a name that cannot be shown is refused before the passkey is looked at", async () => {
  const { browser, invite } = administer(use.service);
  for (const name of ["", "   ", "a\nb", "x".repeat(65)]) {
    const refused = await acceptInvitation(browser(), await invite("owner"), name);
    expect([refused.status, refused.model.problem]).toEqual([400, "invalid_name"]);
  }
});

test("administrators get no recovery codes: the passkey is the only way in", async () => {
  await administer(use.service).signedIn("owner");
  const [ada] = await use.service.deps.store.administrators.list();
  const active = await use.service.deps.store.authenticators.listActive(ada?.subjectLookup ?? "");
  expect(active.map(({ method }) => method)).toEqual(["webauthn"]);
});
