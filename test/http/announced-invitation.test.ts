import { expect, test } from "vitest";
import { admitInvitation } from "../../src/flows/admin-invite.ts";
import { announceInvitation, readAnnouncement } from "../../src/runtime/announced-invitation.ts";
import { acceptInvitation, administer } from "../support/admin.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const HOUR_MS = 60 * 60 * 1000;

/** Makes one as the command line does; `admit` is what every start of a Worker does with the setting. */
function announce() {
  const { deps, clock } = use.service;
  const { setting, url } = announceInvitation(deps.publicUrl, clock.now());
  const by = () => ({ actor: "deployment", requestId: "req_test", nowMs: clock.now() });
  return { setting, url, admit: () => admitInvitation(deps, by(), readAnnouncement(setting)) };
}

const invited = () => use.service.deps.store.audit.list({ kind: "administrator_invited", limit: 10 });

test("the link of an announced invitation makes an owner, once", async () => {
  const { admit, url } = announce();
  const { browser } = administer(use.service);
  await admit();
  expect((await acceptInvitation(browser(), url)).location).toBe("/admin/subjects");
  expect(await use.service.deps.store.administrators.list()).toMatchObject([{ name: "Ada", role: "owner" }]);
  await admit();
  expect((await browser().get(new URL(url).pathname)).status).toBe(404);
  expect(await invited()).toHaveLength(1);
});

test("the setting alone lets nobody in", async () => {
  const { admit, setting, url } = announce();
  await admit();
  expect(setting).not.toContain(url.split("/").at(-1));
  const [hash = ""] = setting.split(".");
  const { browser } = administer(use.service);
  for (const token of [hash, setting]) expect((await browser().get(`/admin/invite/${token}`)).status).toBe(404);
});

test("twenty starts at once admit it once", async () => {
  const { admit } = announce();
  await Promise.all(Array.from({ length: 20 }, admit));
  expect(await invited()).toHaveLength(1);
});

test("an invitation that was withdrawn does not come back with the next start", async () => {
  const { admit, url } = announce();
  const { browser } = administer(use.service);
  await admit();
  const [grant] = await use.service.deps.store.grants.listOpen("admin_invite", use.service.clock.now());
  await use.service.deps.store.atomically([use.service.deps.store.grants.dropOf(grant?.subjectLookup ?? "")]);
  await admit();
  expect((await browser().get(new URL(url).pathname)).status).toBe(404);
});

test("it ends after a day, however often the Worker starts, and one that would last longer is passed over", async () => {
  const { clock, deps } = use.service;
  const { admit, url } = announce();
  clock.advance(23 * HOUR_MS);
  await admit();
  clock.advance(HOUR_MS);
  await admit();
  const { browser } = administer(use.service);
  expect((await browser().get(new URL(url).pathname)).status).toBe(404);
  const late = announce();
  clock.advance(25 * HOUR_MS);
  await late.admit();
  const early = announceInvitation(deps.publicUrl, clock.now() + HOUR_MS);
  await admitInvitation(deps, { actor: "", requestId: "", nowMs: clock.now() }, readAnnouncement(early.setting));
  expect(await invited()).toHaveLength(1);
});

test.each(["", "on", "a.1", `${"a".repeat(43)}.123`, `${"a".repeat(42)}!.1234567890123`])(
  "%j is no announcement, and is not repeated in the error",
  (setting) => {
    expect(() => readAnnouncement(setting)).toThrow("COUNTERSIGN_INVITATION is malformed");
  },
);
