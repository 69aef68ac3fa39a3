import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { METHOD_NAMES } from "../domain/authenticator.ts";
import { ASSUMED_SHAPES, type DecoyShape } from "../domain/decoy-shape.ts";
import { PASSWORD_POLICY_BOUNDS as BOUNDS, DEFAULT_POLICY, type Policy, type Realm } from "../domain/realm.ts";
import { LIMIT_BOUNDS } from "../domain/realm-limits.ts";
import type { RealmVerbs } from "../ports/store.ts";
import { deferred, type Engine, setTo, value } from "./engine.ts";

/** Realms: what WebAuthn is bound to, and the policy as deviations from the default. */
export function realmVerbs({ db, tables: { realms: t } }: Engine): RealmVerbs {
  const find = db
    .select()
    .from(t)
    .where(eq(t.id, value("id")))
    .prepare();
  const list = db.select().from(t).orderBy(asc(t.id)).prepare();
  const put = db
    .insert(t)
    .values({
      id: value("id"),
      name: value("name"),
      rpId: value("rpId"),
      origins: value("origins"),
      policy: value("policy"),
      createdAtMs: value("now"),
    })
    .onConflictDoUpdate({ target: t.id, set: { name: setTo("name"), rpId: setTo("rpId"), origins: setTo("origins") } })
    .prepare();
  const setPolicy = db
    .update(t)
    .set({ policy: setTo("policy") })
    .where(eq(t.id, value("id")))
    .prepare();

  const setBranding = db
    .update(t)
    .set({ branding: setTo("branding") })
    .where(eq(t.id, value("id")))
    .prepare();
  const setDecoyShapes = db
    .update(t)
    .set({ decoyShapes: setTo("shapes") })
    .where(eq(t.id, value("id")))
    .prepare();

  return {
    find: async (id) => (await find.execute({ id })).map(toRealm)[0],
    list: async () => (await list.execute({})).map(toRealm),
    put: (realm, now) =>
      deferred(put, {
        id: realm.id,
        name: realm.name,
        rpId: realm.rpId,
        origins: JSON.stringify(realm.origins),
        policy: "{}",
        now,
      }),
    setPolicy: (id, policy) => deferred(setPolicy, { id, policy }),
    setBranding: (id, branding) => deferred(setBranding, { id, branding: JSON.stringify(branding) }),
    setDecoyShapes: (id, shapes) => deferred(setDecoyShapes, { id, shapes: JSON.stringify(shapes) }),
  };
}

const budget = z
  .strictObject({
    freeInRow: z.int().min(1).max(20),
    firstWaitSeconds: z.int().min(1).max(3600),
    maxWaitSeconds: z.int().min(1).max(86_400),
    perDay: z.int().min(1).max(100),
    perMonth: z.int().min(1).max(100),
    // Three lanes together stay below 100 consecutive failures (NIST SP 800-63B-4 §3.2.2).
    suspendInRow: z.int().min(1).max(33),
  })
  .partial();

const passwordLength = z.int().min(BOUNDS.length.min).max(BOUNDS.length.max);

/** Whole numbers within bounds, each of which can be left out. */
function bounded<Name extends string>(bounds: Readonly<Record<Name, Readonly<{ min: number; max: number }>>>) {
  const numbers = Object.entries<Readonly<{ min: number; max: number }>>(bounds).map(([name, { min, max }]) => [
    name,
    z.int().min(min).max(max),
  ]);
  // `fromEntries` forgets the names.
  const shape = Object.fromEntries(numbers) as Record<Name, z.ZodInt>;
  return z.strictObject(shape).partial().optional();
}

/** What a realm's row may say about its policy; whatever it does not say is the default. */
const deviations = z.strictObject({
  totp: z
    .strictObject({
      algorithm: z.enum(["SHA1", "SHA256", "SHA512"]),
      digits: z.union([z.literal(6), z.literal(8)]),
      periodSeconds: z.union([z.literal(30), z.literal(60)]),
      earlierSteps: z.union([z.literal(0), z.literal(1)]),
      laterSteps: z.union([z.literal(0), z.literal(1)]),
    })
    .partial()
    .optional(),
  budgets: z.strictObject({ device: budget, proven: budget, open: budget }).partial().optional(),
  realmBudget: bounded(LIMIT_BOUNDS.realmBudget),
  source: bounded(LIMIT_BOUNDS.source),
  scan: bounded(LIMIT_BOUNDS.scan),
  suspicion: bounded(LIMIT_BOUNDS.suspicion),
  password: z
    .strictObject({
      minLengthSingleFactor: passwordLength,
      minLengthWithSecondFactor: passwordLength,
      minGuessesLog10: z.number().min(BOUNDS.guessesLog10.min).max(BOUNDS.guessesLog10.max),
      bannedWords: z.array(z.string().min(1).max(BOUNDS.bannedWords.maxLength)).max(BOUNDS.bannedWords.max),
      breachedFrom: z.int().min(BOUNDS.breachedFrom.min).max(BOUNDS.breachedFrom.max),
    })
    .partial()
    .optional(),
});

/** The policy that a realm's deviations amount to; throws when they are not well-formed. */
export function policyOf(text: string): Policy {
  const said = deviations.parse(JSON.parse(text));
  const { budgets } = DEFAULT_POLICY;
  return {
    totp: { ...DEFAULT_POLICY.totp, ...said.totp },
    budgets: {
      device: { ...budgets.device, ...said.budgets?.device },
      proven: { ...budgets.proven, ...said.budgets?.proven },
      open: { ...budgets.open, ...said.budgets?.open },
    },
    realmBudget: { ...DEFAULT_POLICY.realmBudget, ...said.realmBudget },
    source: { ...DEFAULT_POLICY.source, ...said.source },
    scan: { ...DEFAULT_POLICY.scan, ...said.scan },
    suspicion: { ...DEFAULT_POLICY.suspicion, ...said.suspicion },
    password: { ...DEFAULT_POLICY.password, ...said.password },
  };
}

/** Written by `setDecoyShapes`; the assumed population before it. */
function decoyShapesOf(text: string): readonly DecoyShape[] {
  return text === "" ? ASSUMED_SHAPES : z.array(decoyShape).min(1).parse(JSON.parse(text));
}

/** Written by `setBranding`. */
const branding = z.strictObject({
  logo: z.strictObject({ type: z.enum(["image/png", "image/svg+xml"]), data: z.string() }).optional(),
  accent: z.string().optional(),
  privacyUrl: z.string().optional(),
  supportUrl: z.string().optional(),
  accountUrl: z.string().optional(),
});

const decoyShape = z.object({
  weight: z.number().positive(),
  tag: z.int(),
  methods: z.array(z.enum(METHOD_NAMES)),
  credentials: z.array(z.object({ length: z.int().min(1), transports: z.array(z.string()) })),
});

function toRealm(row: Engine["tables"]["realms"]["$inferSelect"]): Realm {
  return {
    id: row.id,
    name: row.name,
    rpId: row.rpId,
    origins: z.array(z.string()).parse(JSON.parse(row.origins)),
    policy: policyOf(row.policy),
    branding: branding.parse(JSON.parse(row.branding || "{}")),
    decoyShapes: decoyShapesOf(row.decoyShapes),
  };
}
