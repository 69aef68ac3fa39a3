import { expect, test } from "vitest";
import { administer, find, type ViewOf, viewOf } from "../support/admin.ts";
import { enrolTotp } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const DAY_MS = 24 * 60 * 60 * 1000;

async function audit(query = "") {
  const auditor = await administer(use.service).signedIn("auditor", "Ann");
  return viewOf(await auditor.get(`/admin/audit${query}`), "audit");
}

test("the log shows the newest first, with names, reasons and a short pseudonym", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const operator = await administer(use.service).signedIn("operator", "Olga");
  await find(operator, use.rp.clientId, "alice");
  const { events } = viewOf(await operator.get("/admin/audit"), "audit");
  expect(events[0]).toMatchObject({
    kind: "administrator_looked_up",
    relyingParty: "Shop",
    actor: "Ada",
    subject: expect.stringMatching(/^[\w-]{8}$/),
    requestId: expect.stringMatching(/^req_/),
  });
  const added = events.find(({ kind }) => kind === "authenticator_added");
  expect(added?.subject).toBe(events[0]?.subject);
  const ids = events.map(({ id }) => Number(id));
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
});

test("the log is filtered by kind, relying party and days, both days included", async () => {
  const other = await use.service.addRelyingParty({ name: "Other" });
  await enrolTotp(use.service, use.rp, "alice");
  use.service.clock.advance(DAY_MS);
  await enrolTotp(use.service, other, "bob");
  const kinds = async (query: string) =>
    (await audit(query)).events.map(({ kind, relyingParty }) => `${kind} ${relyingParty}`);
  expect(await kinds("?kind=authenticator_added")).toEqual(["authenticator_added Other", "authenticator_added Shop"]);
  expect(await kinds("?kind=authenticator_added&from=2026-11-24")).toEqual(["authenticator_added Other"]);
  expect(await kinds("?kind=authenticator_added&to=2026-11-23")).toEqual(["authenticator_added Shop"]);
  expect(await kinds(`?kind=authenticator_added&relying_party=${other.clientId}`)).toEqual([
    "authenticator_added Other",
  ]);
  expect((await audit(`?relying_party=${use.rp.clientId}`)).events.every((one) => one.relyingParty === "Shop")).toBe(
    true,
  );
});

test("a filter that says nothing we know is left out", async () => {
  const page = await audit("?kind=nonsense&relying_party=rp_none&from=yesterday&to=2026-99-99&before=x");
  expect(page.filter).toEqual({});
  expect(page.events.length).toBeGreaterThan(3);
});

test("the log comes in pages of fifty that neither repeat nor miss anything", async () => {
  const { store } = use.service.deps;
  const event = { atMs: use.service.clock.now(), kind: "link_opened", realmId: "default", requestId: "req_x" } as const;
  await store.atomically(Array.from({ length: 120 }, () => store.audit.append(event)));
  const auditor = await administer(use.service).signedIn("auditor");
  const seen: string[] = [];
  const sizes: number[] = [];
  for (let before: string | undefined = ""; before !== undefined; ) {
    const query: string = `?kind=link_opened${before === "" ? "" : `&before=${before}`}`;
    const page: ViewOf<"audit"> = viewOf(await auditor.get(`/admin/audit${query}`), "audit");
    seen.push(...page.events.map(({ id }) => id));
    sizes.push(page.events.length);
    before = page.nextBefore;
  }
  expect(sizes).toEqual([50, 50, 20]);
  expect(new Set(seen).size).toBe(120);
});
