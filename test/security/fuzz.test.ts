import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { V1_ROUTES } from "../../src/http/v1/index.ts";
import { enrolTotp } from "../support/enrol.ts";
import { wellFormed } from "../support/requests.ts";
import { type Json, startService, type TestRelyingParty, type TestService } from "../support/service.ts";

/** In every string that a mutation puts in: it must not come back. */
const CANARY = "cAnArY";
const RUNS = 150;

let service: TestService;
let rp: TestRelyingParty;

beforeAll(async () => {
  service = await startService();
  rp = await service.addRelyingParty();
  await enrolTotp(service, rp, "alice");
});
afterAll(() => service.close());

const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom("\u0000", "\ud800", "\r\n", "../..", "' or 1=1 --", "__proto__", "\u202e", "💥".repeat(200)),
  fc.constantFrom("ch_", "au_", "en_").map((prefix) => `${prefix}${"0".repeat(26)}`),
);

const canaryText = hostileText.map((text) => `${CANARY}${text}`);

/** JSON with a canary in every string that is a value. */
const canaryJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    canaryText,
    fc.constantFrom(null, true, false, 0, -1, 1e308, 1.5),
    fc.integer(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("id", "type", "response", "subject", "totp", "x"), tie("value"), { maxKeys: 4 }),
  ),
})).value;

describe.each(V1_ROUTES.map(({ path }) => path))("%s", (routePath) => {
  const { path, body } = wellFormed(routePath);
  const members = membersOf(routePath);

  /** A well-formed body with some members replaced, added or dropped. */
  const mutated = fc
    .dictionary(fc.constantFrom(...members), fc.option(canaryJson, { nil: undefined }), { minKeys: 1, maxKeys: 3 })
    .map((changes): Json => ({ ...body, ...changes }));

  test("answers any body with a documented refusal or reply, and repeats no bad value", async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (changed) => {
        // The client holds every answer against the route's declaration.
        const answer = await rp.post(path, JSON.stringify(changed));
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) expect(answer.text).not.toContain(CANARY);
      }),
      { numRuns: RUNS },
    );
  });

  test("answers any bytes with a documented refusal or reply", async () => {
    const anyText = fc.oneof(
      fc.json(),
      fc.string({ unit: "binary" }),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const answer = await rp.post(path, text);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: RUNS },
    );
  });
});

test("no request of all these was a fault of ours", () => {
  expect(service.log).toEqual([]);
});

/** The members that a route's body declares, and some that it does not. */
function membersOf(routePath: string): readonly string[] {
  const route = V1_ROUTES.find(({ path }) => path === routePath);
  if (route === undefined) throw new Error("no such route");
  // Bodies are objects; their shape is zod's own record of it.
  const { shape } = route.body as unknown as { shape: Readonly<Record<string, unknown>> };
  return [...Object.keys(shape), "isAdmin", "toString"];
}
