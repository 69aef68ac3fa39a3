import { hash } from "node:crypto";
import { type EnrolledTotp, totpApp } from "./enrol.ts";
import { openBrowser, type PageBrowser, RETURN_URL } from "./page-browser.ts";
import type { Json, TestService } from "./service.ts";

/** What somebody knows who is out for another's account: identifiers from elsewhere, and whatever answers have told. */
export type Knowledge = Readonly<{
  subjects: string[];
  challenges: string[];
  enrolments: string[];
  authenticators: string[];
  devices: string[];
  /** One-time tokens of links. */
  tokens: string[];
  /** Ids of relying parties, keys and whatever else has one. */
  ids: string[];
  receipts: string[];
  /** Authorization requests that were pushed, and the codes that came back. */
  requestUris: string[];
  authorizationCodes: string[];
  /** Codes that are not the victim's. */
  codes: () => readonly string[];
  /** What of all this is the attacker's own. */
  own?: Readonly<{
    subjects: string[];
    challenges: string[];
    authenticators: string[];
    codes: () => readonly string[];
  }>;
}>;

export type Attacker = Readonly<{
  service: TestService;
  knowledge: Knowledge;
  /** What it calls the relying-party API with; undefined without a key. */
  apiKey: string | undefined;
  /** What it calls the OpenID provider with. */
  client: Readonly<{ id: string; secret: string }> | undefined;
  /** Answers from before, to learn from. */
  answers: readonly string[];
}>;

export type MountedRoute = Readonly<{ method: string; path: string }>;

/** One move: which route, and the seed of everything else in it. */
export type Move = Readonly<{ route: number; seed: number }>;

/** What a move has brought. */
export type Seen = Readonly<{ route: MountedRoute; status: number; text: string }>;

/** Every route that the app has, the API's, the pages' and the administrators': a new one joins by being mounted. */
export function mountedRoutes(app: TestService["app"]): readonly MountedRoute[] {
  const all = app.routes.filter(({ method, path }) => method !== "ALL" && !path.includes("*"));
  const unique = new Map(all.map(({ method, path }) => [`${method} ${path}`, { method, path }]));
  return [...unique.values()];
}

type FormField = (attacker: Arsenal) => readonly string[];

const VERIFIER = "v".repeat(43);

/** The form fields that pages read, with what an attacker puts there. */
export const FORM_FIELDS: Readonly<Record<string, FormField>> = {
  answer: () => ["me", "not_me"],
  authenticator: ({ knowledge }) => knowledge.authenticators,
  ceremony: () => ["create", "get"],
  client_assertion: () => ["x.y.z"],
  client_assertion_type: () => ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
  client_id: ({ client, knowledge }) => (client ? [client.id] : knowledge.ids),
  client_secret: ({ client }) => [client?.secret ?? "A".repeat(43)],
  code: ({ knowledge }) => knowledge.authorizationCodes,
  code_verifier: () => [VERIFIER],
  error: () => ["SecurityError", "Mallory"],
  expires_in_days: () => ["30"],
  grant_type: () => ["authorization_code"],
  label: () => ["Mine"],
  lane: () => ["open", "proven", "device"],
  method: () => ["totp", "webauthn", "recovery_code"],
  name: () => ["Mallory"],
  realm: () => ["default"],
  reason: () => ["because"],
  recovery_code: () => [WRONG_RECOVERY_CODE],
  redirect_uri: () => [RETURN_URL],
  redirect_uris: () => ["https://mallory.example/callback"],
  relying_party: ({ knowledge }) => knowledge.ids,
  role: () => ["owner"],
  subject: ({ knowledge }) => knowledge.subjects,
  target: ({ knowledge }) => knowledge.authenticators,
  totp: ({ codes }) => codes(),
  unknown_per_hour: () => ["100000"],
  touch: ({ knowledge }) => knowledge.challenges,
  webauthn: ({ passkey }) => [JSON.stringify(passkey())],
};

/** What clients of the OpenID provider send: nearly always whole. */
const CLIENT_FIELDS: Readonly<Record<string, FormField>> = {
  ...pickFields(["client_id", "client_secret", "redirect_uri", "grant_type", "code", "code_verifier"]),
  acr_values: () => ["phr", "urn:countersign:acr:otp"],
  code_challenge: () => [hash("sha256", VERIFIER, "base64url")],
  code_challenge_method: () => ["S256"],
  enrol: () => ["true"],
  login_hint: ({ knowledge }) => knowledge.subjects,
  nonce: () => ["nonce"],
  request_uri: ({ knowledge }) => knowledge.requestUris,
  response_type: () => ["code"],
  scope: () => ["openid"],
  state: () => ["state"],
};
/** With these a request is another one, so each is there half of the time. */
const OPTIONAL = ["acr_values", "enrol"];

function pickFields(names: readonly string[]): Readonly<Record<string, FormField>> {
  return Object.fromEntries(Object.entries(FORM_FIELDS).filter(([name]) => names.includes(name)));
}

const WRONG_RECOVERY_CODE = "0".repeat(24);

/** What an attacker can put into a request. */
type Arsenal = Readonly<{
  client: Attacker["client"];
  knowledge: Knowledge;
  codes: () => readonly string[];
  passkey: () => unknown;
}>;

/** The parts of JSON Schema that our declarations use. */
type Schema = Readonly<{
  $ref?: string;
  type?: string;
  enum?: readonly unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
}>;

/** Somebody with a browser, a passkey device, an authenticator app and perhaps a key, who makes moves. */
export async function openAttack({ service, knowledge, apiKey, client, answers }: Attacker) {
  const bodies = await requestBodies(service);
  const browser = openBrowser(service);
  const held: { options?: unknown; app?: Pick<EnrolledTotp, "code"> } = {};
  const all: Arsenal = {
    client,
    knowledge,
    codes: () => [...knowledge.codes(), ...(held.app ? [held.app.code()] : [])],
    passkey: () => answerOf(browser, held.options),
  };
  const own = (): Partial<Arsenal> =>
    knowledge.own === undefined ? {} : { knowledge: { ...knowledge, ...knowledge.own }, codes: knowledge.own.codes };
  const learn = (text: string): void => {
    learnFrom(text, knowledge);
    const secret = /"secret":"([A-Z2-7]{16,})"/.exec(text)?.[1];
    if (secret !== undefined) held.app = totpApp(service, secret);
    held.options = optionsIn(text) ?? held.options;
  };
  for (const text of answers) learn(text);
  return async (route: MountedRoute, seed: number): Promise<Seen> => {
    const draw = drawer(seed);
    // Now and then all that is said is about one's own account, so that something comes of it.
    const arsenal: Arsenal = draw() < OWN_SHARE ? { ...all, ...own() } : all;
    const path = route.path.replaceAll(/[:{](\w+)}?/g, (_, name: string) => pick(draw, parametersFor(name, knowledge)));
    const body = bodies.get(route.path.replaceAll(/:(\w+)/g, "{$1}"));
    const seen = route.path.startsWith("/v1/")
      ? await callApi(service, { path, body: fill(body ?? ANY_BODY, "", { draw, arsenal }), key: keyFor(draw) })
      : path.startsWith("/oidc/")
        ? await callProvider(browser, { path, method: route.method, fields: clientFormFor(draw, arsenal) })
        : await visit(browser, { path, method: route.method, fields: formFor(draw, arsenal) });
    learn(seen.text);
    return { route, ...seen };
  };

  function keyFor(draw: Draw): string {
    return apiKey ?? pick(draw, ["", ...knowledge.ids, ...knowledge.subjects.map(encodeURIComponent)]);
  }
}

const OWN_SHARE = 0.3;

type Draw = () => number;
type Filling = Readonly<{ draw: Draw; arsenal: Arsenal }>;

/** A route that no declaration describes is tried with every member that any other has. */
const ANY_BODY: Schema = {
  properties: { subject: {}, challenge: {}, enrolment: {}, authenticator: {}, proof: {}, totp: {} },
};

/** The request bodies of the API as its own description has them, by path. */
async function requestBodies({ app }: TestService): Promise<ReadonlyMap<string, Schema>> {
  const document: Json = await (await app.request("/openapi.json")).json();
  const at = (value: unknown, ...names: readonly string[]): unknown =>
    names.reduce((inner, name) => Object(inner)[name], value);
  const resolve = (schema: unknown): Schema => {
    const ref = at(schema, "$ref");
    return Object(typeof ref === "string" ? at(document, ...ref.split("/").slice(1)) : schema);
  };
  return new Map(
    Object.entries(Object(document.paths)).map(([path, item]) => [
      path,
      resolve(at(item, "post", "requestBody", "content", "application/json", "schema")),
    ]),
  );
}

function fill(schema: Schema, name: string, filling: Filling): unknown {
  const { draw, arsenal } = filling;
  const known = name === "receipt" && schema.type === "string" ? arsenal.knowledge.receipts : valuesFor(name, arsenal);
  if (known !== undefined) return pick(draw, known);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(draw, schema.enum);
  if (schema.type === "boolean") return draw() < 0.5;
  if (schema.type === "integer") return 50;
  if (schema.type === "array") return [fill(schema.items ?? {}, name, filling)];
  if (schema.properties === undefined) return "x";
  const left = CHOICES.flatMap((choice) => {
    const there = choice.filter((member) => member in (schema.properties ?? {}));
    const chosen = there.length < 2 ? undefined : pick(draw, there);
    return there.filter((member) => chosen !== undefined && member !== chosen);
  });
  const members = Object.entries(schema.properties)
    .filter(([member]) => !left.includes(member) && (schema.required?.includes(member) || draw() < 0.7))
    .map(([member, inner]) => [member, fill(inner, member, filling)]);
  return Object.fromEntries(members);
}

/** Members of which a request has one. */
const CHOICES = [
  ["totp", "recovery_code", "webauthn"],
  ["challenge", "subject"],
];

/** What goes into a member of that name; undefined when the schema alone says it. */
function valuesFor(name: string, { knowledge, codes, passkey }: Arsenal): readonly unknown[] | undefined {
  switch (name) {
    case "subject":
      return knowledge.subjects;
    case "challenge":
    case "proof":
      return knowledge.challenges;
    case "enrolment":
      return knowledge.enrolments;
    case "authenticator":
      return knowledge.authenticators;
    case "device":
      return knowledge.devices;
    case "totp":
      return codes();
    case "recovery_code":
      return [WRONG_RECOVERY_CODE];
    case "source_ip":
      return ["203.0.113.5"];
    case "webauthn":
      return [passkey()];
    default:
      return undefined;
  }
}

function parametersFor(name: string, knowledge: Knowledge): readonly string[] {
  if (name === "token") return knowledge.tokens;
  if (name === "enrolment") return knowledge.enrolments;
  return [...knowledge.ids, ...knowledge.authenticators];
}

function formFor(draw: Draw, arsenal: Arsenal): Readonly<Record<string, string>> {
  const fields = Object.entries(FORM_FIELDS).filter(() => draw() < 0.4);
  const filled = fields.map(([name, values]) => [name, values(arsenal)] as const).filter(([, from]) => from.length > 0);
  return Object.fromEntries(filled.map(([name, from]) => [name, pick(draw, from)]));
}

function clientFormFor(draw: Draw, arsenal: Arsenal): Readonly<Record<string, string>> {
  const fields = Object.entries(CLIENT_FIELDS).filter(([name]) => draw() < (OPTIONAL.includes(name) ? 0.5 : 0.97));
  const filled = fields.map(([name, values]) => [name, values(arsenal)] as const).filter(([, from]) => from.length > 0);
  return Object.fromEntries(filled.map(([name, from]) => [name, pick(draw, from)]));
}

/** A pushed request has no request_uri; the page that it leads to is asked for by nothing else but that. */
function callProvider(browser: PageBrowser, { path, method, fields }: Visit) {
  const { request_uri, client_id = "", ...others } = fields;
  const isPage = path === "/oidc/authorize";
  const sent = isPage ? { client_id, ...(request_uri === undefined ? {} : { request_uri }) } : { client_id, ...others };
  return visit(browser, {
    path: method === "GET" ? `${path}?${new URLSearchParams(sent)}` : path,
    method,
    fields: sent,
  });
}

async function callApi(service: TestService, of: Readonly<{ path: string; body: unknown; key: string }>) {
  const response = await service.app.request(of.path, {
    method: "POST",
    headers: { authorization: `Bearer ${of.key}`, "content-type": "application/json" },
    body: JSON.stringify(of.body),
  });
  return { status: response.status, text: await response.text() };
}

type Visit = Readonly<{ path: string; method: string; fields: Readonly<Record<string, string>> }>;

async function visit(browser: PageBrowser, { path, method, fields }: Visit) {
  const page = method === "GET" ? await browser.get(path) : await browser.post(path, fields);
  return { status: page.status, text: `${page.text} ${page.location ?? ""}` };
}

/** The passkey device's answer to the options seen last, where it has one. */
function answerOf({ device }: PageBrowser, options: unknown): unknown {
  try {
    const isCreation = Object(options).user !== undefined;
    return isCreation ? device.register(Object(options)) : device.authenticate(Object(options));
  } catch {
    return {};
  }
}

/** The WebAuthn options somewhere in an answer. */
function optionsIn(text: string): unknown {
  const found = /"options":(\{"(?:rp|challenge|rpId)".*)/s.exec(text)?.[1];
  if (found === undefined) return undefined;
  // The object ends where as many braces have closed as were opened.
  let depth = 0;
  for (let end = 0; end < found.length; end++) {
    if (found[end] === "{") depth++;
    if (found[end] === "}" && --depth === 0) return JSON.parse(found.slice(0, end + 1));
  }
  return undefined;
}

function learnFrom(text: string, knowledge: Knowledge): void {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([whole, group]) => group ?? whole);
  add(knowledge.challenges, all(/\bch_[0-9a-z]{26}\b/g));
  add(knowledge.enrolments, all(/\ben_[0-9a-z]{26}\b/g));
  add(knowledge.authenticators, all(/\bau_[0-9a-z]{26}\b/g));
  add(knowledge.devices, all(/\bdev_[0-9a-z]{26}\.[\w-]{43}/g));
  add(knowledge.tokens, all(/\/enter\/([\w-]{43})/g));
  add(knowledge.receipts, all(/"receipt":"([\w.-]+)"/g));
  add(knowledge.requestUris, all(/urn:ietf:params:oauth:request_uri:[\w-]+/g));
  add(knowledge.authorizationCodes, all(/[?&]code=([\w.-]+)/g));
}

function add(to: string[], found: readonly string[]): void {
  for (const one of found) if (!to.includes(one)) to.push(one);
}

function pick<T>(draw: Draw, from: readonly T[]): T {
  const picked = from[Math.floor(draw() * from.length)];
  if (picked === undefined) throw new Error("nothing to pick from");
  return picked;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function drawer(seed: number): Draw {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
