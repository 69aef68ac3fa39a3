import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { LANES } from "../../src/domain/guess-budget.ts";
import { SCOPES } from "../../src/domain/relying-party.ts";
import { lookupOf } from "../../src/flows/subject.ts";
import { V1_ROUTES } from "../../src/http/v1/index.ts";
import {
  FORM_FIELDS,
  type Knowledge,
  type MountedRoute,
  type Move,
  mountedRoutes,
  openAttack,
  type Seen,
} from "../support/attacker.ts";
import { dumpRows, tableNames, tamper } from "../support/dump.ts";
import { type EnrolledTotp, enrolPasskey, enrolTotp, openChallenge, prove, textIn } from "../support/enrol.ts";
import { openPrompt } from "../support/page-answers.ts";
import { MODEL_PAGES } from "../support/page-browser.ts";
import { type Json, startService, type TestRelyingParty, type TestService } from "../support/service.ts";

/**
 * Requirements E-15 and A-13: whoever knows every identifier of a person gets nowhere, by any sequence of calls to any
 * route; nor does whoever holds a key of another realm besides, or of the person's own, which may ask for them but not
 * stand in for them.
 */
const DEPTH = { minLength: 6, maxLength: 12 } as const;
const RUNS = 100;
const SLOW_MS = 240_000;

const VICTIM = "ada@victim.example";
const PHONE = "+4915112345678";
const LABEL = "Label of the victim";
const ACCOUNT_NAME = "Account of the victim";

/** What the attacker holds besides identifiers. */
type Holding = "nothing" | "a key of another realm" | "a key of the victim's own realm";

let service: TestService;
let shop: TestRelyingParty;
let foreign: TestRelyingParty;
let victim: Readonly<{
  totp: EnrolledTotp;
  authenticators: readonly string[];
  lookup: string;
  subjectId: string;
  receipt: string;
}>;

beforeEach(async () => {
  service = await startService({ pages: MODEL_PAGES });
  const { store, keyring } = service.deps;
  const realm = { id: "other", name: "Other", rpId: "localhost", origins: [service.config.publicUrl] };
  await store.atomically([store.realms.put(realm, service.clock.now())]);
  shop = await service.addRelyingParty({ name: "Shop of the victim" });
  foreign = await service.addRelyingParty({ realmId: "other", name: "Mallory's", scopes: SCOPES });
  const totp = await enrolTotp(service, shop, VICTIM);
  const passkey = await enrolPasskey(service, shop, VICTIM, {
    proof: await prove(shop, VICTIM, { totp: totp.code() }),
  });
  for (const id of [totp.id, passkey.id])
    await shop.post("/v1/authenticators/rename", { subject: VICTIM, authenticator: id, label: LABEL });
  const lookup = lookupOf(keyring, "default", VICTIM);
  const verdict = await shop.post("/v1/verify", { subject: VICTIM, totp: totp.next(), receipt: true });
  const [subjectId, receipt] = [textIn(verdict, "subject_id"), textIn(verdict, "receipt")];
  victim = { totp, authenticators: [totp.id, passkey.id], lookup, subjectId, receipt };
});
afterEach(() => service.close());

/** How often each route was tried, and how often with success. */
const tried = new Map<string, number>();
const succeeded = new Map<string, number>();

type World = Readonly<{ holding: Holding; routes: readonly MountedRoute[] }>;

let enrolled = 0;

type OwnAccounts = Readonly<{
  name?: string;
  own?: EnrolledTotp;
  twin?: EnrolledTotp;
  proofs?: readonly string[];
  answers?: readonly string[];
}>;

/** Accounts of the attacker's own, new for each sequence. In a realm of one's own, the victim's very name can be enrolled. */
async function ownAccounts(holding: Holding): Promise<OwnAccounts> {
  if (holding === "nothing") return {};
  const rp = holding === "a key of another realm" ? foreign : shop;
  const name = `mallory-${enrolled++}`;
  const own = await enrolTotp(service, rp, name);
  const proof = await prove(rp, name, { totp: own.code() });
  const { browser, challenge } = await openPrompt(service, rp, name);
  await browser.post("/prompt", { totp: own.next() });
  const started = await rp.post("/v1/enrolments", { subject: `${name}'s other name`, method: "totp" });
  const verdict = await rp.post("/v1/verify", { subject: name, totp: own.next(), receipt: true });
  const mine = { name, own, proofs: [proof, challenge], answers: [started.text, verdict.text] };
  service.clock.advance(30_000);
  if (rp === shop) return mine;
  await foreign.post("/v1/subjects/delete", { subject: VICTIM, reason: "anew" });
  const { store, keyring } = service.deps;
  const lookup = lookupOf(keyring, "other", VICTIM);
  await store.atomically(LANES.flatMap((lane) => store.guessBudgets.lift(lookup, lane)));
  const twin = await enrolTotp(service, foreign, VICTIM);
  const ofTwin = await prove(foreign, VICTIM, { totp: twin.code() });
  service.clock.advance(30_000);
  return { ...mine, twin, proofs: [...mine.proofs, ofTwin] };
}

/** Where a sequence starts: everything of the victim that has a name is known, and one's own proofs are fresh. */
async function startOf({ holding }: World) {
  service.clock.advance(60_000);
  const pending = textIn(await openChallenge(shop, VICTIM), "challenge");
  const proven = await prove(shop, VICTIM, { totp: victim.totp.code() });
  const { name = "mallory", own, twin, proofs = [], answers = [] } = await ownAccounts(holding);
  const knowledge: Knowledge = {
    subjects: [VICTIM, PHONE, victim.subjectId, name],
    challenges: [pending, proven, ...proofs],
    enrolments: [`en_${"0".repeat(26)}`],
    authenticators: [...victim.authenticators, ...(own ? [own.id] : []), ...(twin ? [twin.id] : [])],
    devices: [`dev_${"0".repeat(26)}.${"A".repeat(43)}`],
    tokens: ["A".repeat(43)],
    receipts: [victim.receipt],
    requestUris: [],
    authorizationCodes: [],
    ids: [shop.clientId, foreign.clientId],
    codes: () => [victim.totp.wrong(), ...(own ? [own.code()] : []), ...(twin ? [twin.code()] : [])],
    own: own && { subjects: [name], challenges: [...proofs], authenticators: [own.id], codes: () => [own.code()] },
  };
  if (holding === "nothing") return { knowledge, apiKey: undefined, client: undefined, answers };
  const rp = holding === "a key of another realm" ? foreign : await thiefInside();
  return { knowledge, apiKey: rp.apiKey, client: { id: rp.clientId, secret: rp.clientSecret }, answers };
}

/** Deletion with a reason is a right of its own, and brings nobody in. */
let restricted: TestRelyingParty | undefined;
async function thiefInside(): Promise<TestRelyingParty> {
  const scopes = SCOPES.filter((scope) => scope !== "subjects:delete");
  restricted ??= await service.addRelyingParty({ name: "Thief", scopes });
  return restricted;
}
afterEach(() => {
  restricted = undefined;
});

/** What must stay as it is. */
async function stateOf(holding: Holding): Promise<readonly unknown[]> {
  await service.deps.store.committed();
  const of = [victim.lookup, ...victim.authenticators];
  const { databasePath } = service.config;
  const rows = (table: string) =>
    dumpRows(databasePath, table).filter((row) => {
      const text = JSON.stringify(row);
      return of.some((id) => text.includes(id));
    });
  // Whoever is outside the realm leaves no trace of any kind.
  if (holding !== "a key of the victim's own realm") return tableNames(databasePath).map(rows);
  const passed = rows("audit_events").filter((row) => Object(row).kind === "answer_accepted");
  const authenticators = rows("authenticators").map((row) => ({ ...Object(row), label: "" }));
  return [authenticators, rows("recovery_codes"), rows("devices"), rows("subjects"), passed.length];
}

/** What an answer must never hold. */
function tellsOf(holding: Holding, { text }: Seen): string | undefined {
  const secrets = [victim.totp.secret, ...victim.totp.recoveryCodes, ACCOUNT_NAME];
  const outside = [LABEL, ...victim.authenticators, victim.subjectId, victim.lookup, "Shop of the victim"];
  const never = holding === "a key of the victim's own realm" ? secrets : [...secrets, ...outside];
  return never.find((one) => text.includes(one));
}

/** The first sequence of moves that gets somewhere; undefined when none was found. */
async function search(
  holding: Holding,
  options: Readonly<{ runs: number; seed?: number }>,
): Promise<string | undefined> {
  const world = { holding, routes: mountedRoutes(service.app) };
  const move = fc.record({ route: fc.nat(world.routes.length * 3 - 1), seed: fc.integer() });
  const attempt = fc.asyncProperty(fc.array(move, DEPTH), (moves) => attack(world, moves));
  const found = await fc.check(attempt, { numRuns: options.runs, seed: options.seed, endOnFailure: true });
  return found.failed ? `${found.errorInstance} (seed ${found.seed})` : undefined;
}

async function attack(world: World, moves: readonly Move[]): Promise<void> {
  const start = await startOf(world);
  const act = await openAttack({ service, ...start });
  const before = await stateOf(world.holding);
  const made: string[] = [];
  for (const { route, seed } of moves) {
    const seen = await act(routeOf(world.routes, route), seed);
    const name = `${seen.route.method} ${seen.route.path}`;
    made.push(`${name} → ${seen.status}`);
    tried.set(name, (tried.get(name) ?? 0) + 1);
    if (seen.status < 400) succeeded.set(name, (succeeded.get(name) ?? 0) + 1);
    const tell = tellsOf(world.holding, seen);
    if (tell !== undefined) throw new Error(`read ${tell}: ${made.join(", ")}`);
    if (seen.status >= 500) throw new Error(`broke it: ${made.join(", ")}`);
  }
  const after = await stateOf(world.holding);
  if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error(`changed the victim: ${made.join(", ")}`);
}

/** Two moves of three are calls to the API, where the identifiers go. */
function routeOf(routes: readonly MountedRoute[], number: number): MountedRoute {
  const api = routes.filter(({ path }) => path.startsWith("/v1/"));
  const route = number < routes.length ? routes[number] : api[number % api.length];
  if (route === undefined) throw new Error("no such route");
  return route;
}

describe(`no sequence of ${DEPTH.minLength} to ${DEPTH.maxLength} calls to any routes`, () => {
  test.each(["nothing", "a key of another realm", "a key of the victim's own realm"] as const)(
    "gets whoever knows every identifier of a person and holds %s into the account, or changes it",
    async (holding) => {
      expect(await search(holding, { runs: RUNS })).toBeUndefined();
    },
    SLOW_MS,
  );
});

describe("the search", () => {
  afterAll(() => {
    tried.clear();
    succeeded.clear();
  });

  test(
    "tries every route that is mounted, and those of the API with success as well",
    async () => {
      const names = mountedRoutes(service.app).map(({ method, path }) => `${method} ${path}`);
      expect(names.length).toBeGreaterThan(60);
      for (const { path } of V1_ROUTES) expect(names).toContain(`POST ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`);
      const left = () =>
        names.filter((name) => !tried.has(name) || (/^POST \/(v1|oidc\/par)/.test(name) && !succeeded.has(name)));
      // What chance has left out so far, it brings in a while.
      for (let round = 0; round < 20 && left().length > 0; round++)
        expect(await search("a key of another realm", { runs: 25 })).toBeUndefined();
      expect(left()).toEqual([]);
    },
    SLOW_MS,
  );

  test("fills in every form field that a page reads", () => {
    const root = join(import.meta.dirname, "../../src/http");
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    const sources = files.map((name) => readFileSync(join(root, name), "utf8")).join("\n");
    const read = [
      ...[...sources.matchAll(/\bform\.(\w+)\b(?!")/g)].map(([, name = ""]) => name),
      ...[...sources.matchAll(/\{ ([\w, ]+) \} = (?:context\.)?form;/g)].flatMap(([, names = ""]) => names.split(", ")),
    ].filter((name) => !["ok", "value", "ts", "csrf"].includes(name));
    expect(read.length).toBeGreaterThan(15);
    expect([...new Set(read)].filter((name) => !(name in FORM_FIELDS))).toEqual([]);
  });

  /** Changes the app of this test alone, as a careless change of the product would. */
  async function plant(path: string, hole: (body: Json) => Promise<Json | undefined>): Promise<void> {
    const { fetch } = service.app;
    Object.assign(service.app, {
      request: async (at: string, init: RequestInit, bindings?: object) => {
        const request = new Request(`http://localhost${at}`, init);
        const isThere = at === path && init.method === "POST" && request.headers.get("authorization") !== null;
        const leaked = isThere ? await hole(await request.clone().json()) : undefined;
        return leaked ? Response.json(leaked) : fetch(request, bindings);
      },
    });
  }

  test(
    "finds an authenticator that is revoked by its id, whosever it is",
    async () => {
      await plant("/v1/authenticators/revoke", async ({ authenticator }) => {
        await tamper(service, `update authenticators set status = 'revoked' where id = '${authenticator}'`);
        return { revoked: true };
      });
      expect(await search("a key of another realm", { runs: 400, seed: 1 })).toMatch(/changed the victim/);
    },
    SLOW_MS,
  );

  test(
    "finds a list that does not ask whose realm it is",
    async () => {
      await plant("/v1/authenticators/list", async ({ subject }) => {
        const lookup = lookupOf(service.deps.keyring, "default", String(subject));
        const found = await service.deps.store.authenticators.listActive(lookup);
        return { authenticators: found.map(({ id, label }) => ({ id, label })) };
      });
      expect(await search("a key of another realm", { runs: 400, seed: 1 })).toMatch(/^Error: read /);
    },
    SLOW_MS,
  );

  test(
    "finds a proof of one person that revokes what another has",
    async () => {
      await plant("/v1/authenticators/revoke", async ({ authenticator, proof }) => {
        const [row] = dumpRows(service.config.databasePath, "challenges").filter((one) => Object(one).id === proof);
        if (Object(row).status !== "satisfied") return undefined;
        await tamper(service, `update authenticators set status = 'revoked' where id = '${authenticator}'`);
        return { revoked: true };
      });
      expect(await search("a key of another realm", { runs: 800, seed: 1 })).toMatch(/changed the victim/);
    },
    SLOW_MS,
  );

  test(
    "finds a new route that should ask for a key and does not",
    async () => {
      const app = createApp(service.deps, MODEL_PAGES);
      service = { ...service, app };
      app.post("/v1/authenticators/adopt", async (c) => {
        const { authenticator } = await c.req.json();
        await tamper(service, `update authenticators set label = 'adopted' where id = '${authenticator}'`);
        return c.json({ adopted: true });
      });
      expect(await search("nothing", { runs: 800, seed: 1 })).toMatch(/changed the victim/);
    },
    SLOW_MS,
  );
});
