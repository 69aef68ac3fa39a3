import { expect, test } from "vitest";
import { ADMIN_ROLES, type AdminRole, roleMay } from "../../src/domain/administrator.ts";
import { ADMIN_ROUTES } from "../../src/http/admin/mount.ts";
import { type AdminBrowser, administer, type PageResult } from "../support/admin.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

/** Who may come in where. Written out, so that a slip in the table of routes shows. */
const MATRIX: Readonly<Record<string, readonly AdminRole[]>> = {
  "get /admin": ["owner", "operator", "auditor"],
  "post /admin/sign-out": ["owner", "operator", "auditor"],
  "get /admin/subjects": ["owner", "operator", "auditor"],
  "post /admin/subjects": ["owner", "operator", "auditor"],
  "post /admin/subjects/reset": ["owner", "operator"],
  "post /admin/subjects/lift": ["owner", "operator"],
  "post /admin/guessing/lift": ["owner", "operator"],
  "get /admin/help": ["owner", "operator", "auditor"],
  "post /admin/help/open": ["owner", "operator", "auditor"],
  "post /admin/help/handled": ["owner", "operator"],
  "get /admin/relying-parties": ["owner", "operator", "auditor"],
  "post /admin/relying-parties": ["owner"],
  "get /admin/relying-parties/:id": ["owner", "operator", "auditor"],
  "post /admin/relying-parties/:id/keys": ["owner"],
  "post /admin/relying-parties/:id/keys/:key/revoke": ["owner"],
  "post /admin/relying-parties/:id/revoke": ["owner"],
  "post /admin/relying-parties/:id/lift": ["owner"],
  "post /admin/relying-parties/:id/limit": ["owner"],
  "get /admin/administrators": ["owner", "operator", "auditor"],
  "post /admin/administrators": ["owner"],
  "get /admin/administrators/:id": ["owner", "operator", "auditor"],
  "post /admin/administrators/:id/remove": ["owner"],
  "get /admin/audit": ["owner", "operator", "auditor"],
};

async function ask(browser: AdminBrowser, route: (typeof ADMIN_ROUTES)[number]): Promise<PageResult> {
  const path = route.path.replace(":id", "none").replace(":key", "none");
  await browser.get("/admin/subjects");
  return route.method === "get" ? browser.get(path) : browser.post(path);
}

test("the table of routes says exactly who may do what", () => {
  const table = ADMIN_ROUTES.map(({ method, path, needs }) => [
    `${method} ${path}`,
    ADMIN_ROLES.filter((role) => roleMay(role, needs)),
  ]);
  expect(Object.fromEntries(table)).toEqual(MATRIX);
});

for (const role of ADMIN_ROLES) {
  for (const route of ADMIN_ROUTES) {
    const name = `${route.method} ${route.path}`;
    const may = MATRIX[name]?.includes(role) ?? false;
    test(`${role}: ${name} is ${may ? "allowed" : "refused and written down"}`, async () => {
      const browser = await administer(use.service).signedIn(role);
      const answer = await ask(browser, route);
      const refusals = await use.service.deps.store.audit.list({ kind: "administrator_refused", limit: 10 });
      const forbidden = refusals.filter(({ reason }) => reason === "forbidden");
      expect([answer.model.problem === "forbidden", forbidden.length]).toEqual(may ? [false, 0] : [true, 1]);
      if (!may) expect(answer.status).toBe(403);
    });
  }
}

test("nobody comes in anywhere without signing in", async () => {
  const { browser } = administer(use.service);
  for (const route of ADMIN_ROUTES) {
    const path = route.path.replace(":id", "none").replace(":key", "none");
    const anonymous = browser();
    const bare = route.method === "get" ? await anonymous.get(path) : await anonymous.post(path);
    expect(bare.location, route.path).toBe("/admin/sign-in");
    await anonymous.get("/admin/sign-in");
    const waiting = route.method === "get" ? await anonymous.get(path) : await anonymous.post(path);
    expect(waiting.location, route.path).toBe("/admin/sign-in");
  }
});

test("a removed administrator is out at the next request", async () => {
  const { signedIn } = administer(use.service);
  const ada = await signedIn("owner");
  const [one] = await use.service.deps.store.administrators.list();
  await use.service.deps.store.administrators.remove(one?.id ?? "", use.service.clock.now());
  expect((await ada.get("/admin/subjects")).location).toBe("/admin/sign-in");
});
