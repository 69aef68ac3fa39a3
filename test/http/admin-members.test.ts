import { expect, test } from "vitest";
import type { AdminRole } from "../../src/domain/administrator.ts";
import {
  type AdminBrowser,
  acceptInvitation,
  administer,
  type PageResult,
  signIn,
  touch,
  viewOf,
} from "../support/admin.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const LIST = "/admin/administrators";

async function inviteFrom(browser: AdminBrowser, role: string, name = "New"): Promise<PageResult> {
  const { touch: question } = viewOf(await browser.get(LIST), "administrators");
  if (!question) throw new Error("nobody to invite here");
  return browser.post(LIST, { name, role, ...touch(browser, question) });
}

async function idOf(name: string): Promise<string> {
  const found = (await use.service.deps.store.administrators.list()).find((one) => one.name === name);
  if (!found) throw new Error(`no administrator ${name}`);
  return found.id;
}

/** What the owner's browser posts to remove somebody. */
async function prepareRemoval(browser: AdminBrowser, id: string): Promise<() => Promise<PageResult>> {
  const { touch: question } = viewOf(await browser.get(`${LIST}/${id}`), "administrator");
  const fields = question ? touch(browser, question) : {};
  return () => browser.post(`${LIST}/${id}/remove`, { reason: "Left the company", ...fields });
}

async function join(name: string, role: AdminRole): Promise<AdminBrowser> {
  const { browser, invite } = administer(use.service);
  const opened = browser();
  await acceptInvitation(opened, await invite(role, name), name);
  return opened;
}

test("an owner invites: the link is shown once, and whoever follows it has the role that was given", async () => {
  const owner = await join("Ada", "owner");
  const invited = viewOf(await inviteFrom(owner, "operator", "Otto"), "administrators");
  const url = invited.invited?.url ?? "";
  expect(invited.administrators).toMatchObject([
    { name: "Ada", isSelf: true, pending: false },
    { name: "Otto", role: "operator", isSelf: false, pending: true },
  ]);
  const later = await owner.get(LIST);
  expect(later.text).not.toContain(url.split("/").at(-1));
  const otto = administer(use.service).browser();
  expect((await acceptInvitation(otto, url, "Otto")).location).toBe("/admin/subjects");
  expect(viewOf(await otto.get("/admin/subjects"), "find").self).toMatchObject({ name: "Otto", role: "operator" });
});

test("an invitation needs a name, a role that exists and a touch", async () => {
  const owner = await join("Ada", "owner");
  expect((await inviteFrom(owner, "operator", " ")).model.problem).toBe("invalid_name");
  expect((await inviteFrom(owner, "emperor")).model.problem).toBe("invalid_input");
  await owner.get(LIST);
  expect((await owner.post(LIST, { name: "Otto", role: "owner" })).model.problem).toBe("passkey_refused");
  expect(await use.service.deps.store.grants.listOpen("admin_invite", use.service.clock.now())).toEqual([]);
});

test("no operator or auditor invites anybody, themself least of all", async () => {
  for (const role of ["operator", "auditor"] as const) {
    const browser = await join(role, role);
    const page = viewOf(await browser.get(LIST), "administrators");
    expect(page).not.toHaveProperty("touch");
    const refused = await browser.post(LIST, { name: "Me", role: "owner" });
    expect([refused.status, refused.model.problem]).toEqual([403, "forbidden"]);
  }
});

test("a removed administrator's passkeys are revoked, their sessions over, and they cannot sign in", async () => {
  const owner = await join("Ada", "owner");
  const otto = await join("Otto", "operator");
  const remove = await prepareRemoval(owner, await idOf("Otto"));
  const { subjectLookup } = (await use.service.deps.store.administrators.list())[1] ?? {};
  expect((await remove()).location).toBe(LIST);
  expect((await otto.get("/admin/subjects")).location).toBe("/admin/sign-in");
  expect(await use.service.deps.store.authenticators.listActive(subjectLookup ?? "")).toEqual([]);
  expect((await signIn(otto)).status).toBe(403);
  const [event] = await use.service.deps.store.audit.list({ kind: "administrator_removed", limit: 1 });
  expect(event).toMatchObject({ reason: "Left the company", actor: await idOf("Ada"), subjectLookup });
});

test("an invitation that was not followed yet can be withdrawn", async () => {
  const owner = await join("Ada", "owner");
  const page = viewOf(await inviteFrom(owner, "owner", "Otto"), "administrators");
  const id = page.administrators.find(({ pending }) => pending)?.id ?? "";
  const remove = await prepareRemoval(owner, id);
  expect((await remove()).location).toBe(LIST);
  expect(
    (
      await administer(use.service)
        .browser()
        .get(new URL(page.invited?.url ?? "").pathname)
    ).status,
  ).toBe(404);
  expect(await use.service.deps.store.administrators.list()).toHaveLength(1);
});

test("the last owner cannot be removed, not even by themself", async () => {
  const owner = await join("Ada", "owner");
  const remove = await prepareRemoval(owner, await idOf("Ada"));
  const refused = await remove();
  expect([refused.status, refused.model.problem]).toEqual([409, "last_owner"]);
  expect((await owner.get("/admin/subjects")).status).toBe(200);
});

test("nobody removes their own account: another owner has to", async () => {
  const owner = await join("Ada", "owner");
  await join("Bea", "owner");
  const refused = await (await prepareRemoval(owner, await idOf("Ada")))();
  expect([refused.status, refused.model.problem]).toEqual([403, "own_account"]);
  expect(await use.service.deps.store.administrators.list()).toHaveLength(2);
});

test("two owners who remove each other at once leave one", async () => {
  const [ada, bea] = [await join("Ada", "owner"), await join("Bea", "owner")];
  const removals = [await prepareRemoval(ada, await idOf("Bea")), await prepareRemoval(bea, await idOf("Ada"))];
  const answers = await Promise.all(removals.map((remove) => remove()));
  expect(answers.filter(({ location }) => location === LIST)).toHaveLength(1);
  const left = await use.service.deps.store.administrators.list();
  expect(left.map(({ role }) => role)).toEqual(["owner"]);
});

test("a removal needs a reason and a touch for exactly that administrator", async () => {
  const owner = await join("Ada", "owner");
  await join("Bea", "operator");
  await join("Cleo", "operator");
  const [bea, cleo] = [await idOf("Bea"), await idOf("Cleo")];
  const { touch: question } = viewOf(await owner.get(`${LIST}/${bea}`), "administrator");
  if (!question) throw new Error("no question");
  const answer = touch(owner, question);
  expect((await owner.post(`${LIST}/${bea}/remove`, { ...answer, reason: " " })).model.problem).toBe("reason_missing");
  expect((await owner.post(`${LIST}/${cleo}/remove`, { ...answer, reason: "x" })).model.problem).toBe(
    "passkey_refused",
  );
  expect(await use.service.deps.store.administrators.list()).toHaveLength(3);
});
