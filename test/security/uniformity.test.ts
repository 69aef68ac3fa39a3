import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { V1_ROUTES } from "../../src/http/v1/index.ts";
import { API_VERDICTS } from "./uniformity/api-verdicts.ts";
import type { Look } from "./uniformity/look.ts";
import { PAGE_VERDICTS } from "./uniformity/page-verdicts.ts";
import { buildTown, ENROLLED, KINDS, STANDINGS, type Town } from "./uniformity/people.ts";
import type { AskAbout } from "./uniformity/verdict.ts";

const SLOW_MS = 120_000;
/** Among so many strangers the rarest decoy that is looked for is found, unless chance is against it once in a billion. */
const STRANGERS = 300;

const VERDICTS = Object.entries({ ...API_VERDICTS, ...PAGE_VERDICTS });

/** Every question that has to have one answer, whoever it is about. */
const ALIKE = VERDICTS.flatMap(([route, { alike = {} }]) =>
  Object.entries(alike).map(([name, ask]) => [`${route}: ${name}`, ask] as const),
);
const DRAWN = VERDICTS.flatMap(([route, { drawn }]) => (drawn ? [[route, drawn] as const] : []));
const WRONG = VERDICTS.flatMap(([route, { wrong = {} }]) =>
  Object.entries(wrong).map(([name, asks]) => [`${route}: ${name}`, asks] as const),
);

let town: Town;
afterAll(() => town.close());

/** The looks of one question about everybody, and whom each was about. */
async function asked(ask: AskAbout, subjects: readonly string[]): Promise<ReadonlyMap<Look, readonly string[]>> {
  const looks = new Map<Look, string[]>();
  for (const subject of subjects) {
    const look = await ask(town, subject);
    looks.set(look, [...(looks.get(look) ?? []), subject]);
  }
  return looks;
}

function expectOne(looks: ReadonlyMap<Look, readonly string[]>): void {
  const told = [...looks].map(([look, whom]) => `— ${whom.join(", ")}:\n${look}`).join("\n");
  expect(looks.size, told).toBe(1);
}

describe.each(STANDINGS)("when everybody is %s", (standing) => {
  beforeAll(async () => {
    await town?.close();
    town = await buildTown(standing);
  }, SLOW_MS);

  test.each(ALIKE)(
    "%s has one answer for everybody",
    async (_, ask) => {
      expectOne(await asked(ask, KINDS));
    },
    SLOW_MS,
  );

  test("they are what they are called", async () => {
    const methods: Record<string, unknown> = {};
    for (const kind of KINDS)
      methods[kind] = (await town.rp.post("/v1/subjects/status", { subject: kind })).body.methods;
    expect(methods).toEqual({
      unknown: [],
      unfinished: [],
      revoked: [],
      erased: [],
      app: ["totp", "recovery_code"],
      passkey: ["webauthn", "recovery_code"],
      several: ["totp", "webauthn", "recovery_code"],
    });
    const locked = await town.rp.post("/v1/verify", { subject: "app", totp: "00000" });
    expect([standing, locked.body.code]).toEqual([
      standing,
      standing === "fresh" ? "answer_rejected" : "subject_locked",
    ]);
  });
});

describe("where an answer shows what somebody has", () => {
  beforeAll(async () => {
    await town?.close();
    town = await buildTown("fresh");
  }, SLOW_MS);

  test.each(DRAWN)(
    "%s shows of everybody what it shows of some stranger, and of one the same each time",
    async (_, ask) => {
      const strangers = await asked(
        ask,
        Array.from({ length: STRANGERS }, (_unused, index) => `stranger-${index}`),
      );
      for (const kind of KINDS) {
        const looks = await asked(ask, [kind, kind]);
        expectOne(looks);
        expect([...strangers.keys()], kind).toContain([...looks.keys()][0]);
      }
      expect((await asked(ask, ENROLLED)).size).toBe(ENROLLED.length);
    },
    SLOW_MS,
  );

  test.each(WRONG)(
    "%s has one answer, whatever is wrong with it",
    async (_, asks) => {
      const looks = new Map<Look, readonly string[]>();
      for (const [name, ask] of Object.entries(asks)) {
        const look = await ask(town);
        looks.set(look, [...(looks.get(look) ?? []), name]);
      }
      expectOne(looks);
      expect(Object.keys(asks).length).toBeGreaterThan(1);
    },
    SLOW_MS,
  );
});

describe("every route", () => {
  beforeAll(async () => {
    await town?.close();
    town = await buildTown("fresh");
  }, SLOW_MS);

  test("has a verdict, and there is none for anything else", () => {
    const served = town.service.app.routes.filter(({ method, path }) => method !== "ALL" && path !== "/*");
    const routes = new Set(served.map(({ method, path }) => `${method} ${path}`));
    expect(VERDICTS.map(([route]) => route).sort()).toEqual([...routes].sort());
  });

  test("is asked about, or says why it tells or takes nothing", () => {
    for (const [route, { alike, drawn, wrong, tells, none }] of VERDICTS) {
      expect([route, [alike, drawn, wrong, tells, none].some((one) => one !== undefined)]).toEqual([route, true]);
      if (none !== undefined) expect([route, alike ?? drawn ?? wrong ?? tells]).toEqual([route, undefined]);
    }
  });

  test("whose body names a subject or a challenge is asked about, unless it tells", () => {
    for (const { path, body } of V1_ROUTES) {
      const verdict = API_VERDICTS[`POST ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`];
      const named = Object.keys(shapeOf(body)).filter((name) => ["subject", "challenge", "proof"].includes(name));
      if (named.length > 0) expect([path, verdict?.none]).toEqual([path, undefined]);
      if (named.includes("subject") && verdict?.tells === undefined)
        expect(Object.keys(verdict?.alike ?? {})).not.toEqual([]);
    }
  });

  test("that tells who is there is one of seven", () => {
    expect(VERDICTS.filter(([, { tells }]) => tells !== undefined).map(([route]) => route)).toEqual([
      "POST /v1/enrolments",
      "POST /v1/authenticators/list",
      "POST /v1/subjects/status",
      "POST /v1/links",
      "GET /account",
      "POST /account/verify",
      "POST /admin/subjects",
    ]);
  });
});

/** The members of a body's schema. */
function shapeOf(schema: (typeof V1_ROUTES)[number]["body"]): Readonly<Record<string, unknown>> {
  return "shape" in schema ? Object(schema.shape) : {};
}
