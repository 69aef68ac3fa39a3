import { expect, test } from "vitest";
import { PROBLEMS } from "../../src/http/problem.ts";
import { V1_ROUTES } from "../../src/http/v1/index.ts";
import { documentedDenials } from "../support/conformant.ts";
import { membersOf } from "../support/enrol.ts";
import type { Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

async function document(): Promise<Json> {
  const response = await use.service.app.request("/openapi.json");
  expect(response.headers.get("content-type")).toBe("application/json");
  return response.json();
}

test("the API is the one that the checked-in description says: a change shows in it", async () => {
  const text = `${JSON.stringify(await document(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("openapi.snapshot.json");
});

test("the description is OpenAPI 3.1 and tells no more than it has to", async () => {
  const { openapi, info, servers, ...rest } = await document();
  expect(openapi).toBe("3.1.0");
  expect(info).toMatchObject({ title: "Countersign", version: "1" });
  expect(servers).toEqual([{ url: "http://localhost:8787" }]);
  expect(Object.keys(rest).sort()).toEqual(
    ["components", "paths", "security", "webhooks"].filter((key) => key in rest),
  );
});

test("every mounted route of the API is described, and every described one is mounted", async () => {
  const described = Object.entries(membersOf((await document()).paths)).flatMap(([path, methods]) =>
    Object.keys(membersOf(methods)).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const mounted = use.service.app.routes
    .filter(({ method, path }) => method !== "ALL" && path.startsWith("/v1/"))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  expect(described.sort()).toEqual(mounted.sort());
});

test("every route describes each status that it can answer, and needs a key with a named scope", async () => {
  const { paths, security } = await document();
  expect(security).toEqual([{ apiKey: [] }]);
  for (const route of V1_ROUTES) {
    const { description, operationId, responses } = membersOf(membersOf(membersOf(paths)[route.path]).post);
    const statuses = new Set([route.status, ...documentedDenials(route).map((code) => PROBLEMS[code].status)]);
    expect(Object.keys(membersOf(responses)).sort(), route.path).toEqual([...statuses].map(String).sort());
    expect(description).toContain(`Scope: \`${route.scope}\`.`);
    expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
  }
});

test("no reply holds a subject's reference beside an id of ours: a person is named only by who asks", () => {
  for (const route of V1_ROUTES) {
    const members = JSON.stringify(Object.keys(membersOf(membersOf(route.reply).shape)));
    expect(members, route.path).not.toMatch(/"(subject|reference|email|phone|user|name|account_name|lookup)"/);
  }
});

test("the description may be read by anyone, from anywhere, and kept for five minutes", async () => {
  const { headers } = await use.service.app.request("/openapi.json", { headers: { origin: "https://docs.example" } });
  expect(headers.get("access-control-allow-origin")).toBe("*");
  expect(headers.get("cache-control")).toBe("public, max-age=300");
});
