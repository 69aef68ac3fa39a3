/**
 * The tables on PostgreSQL: the same names and types of row as in `schema.sqlite.ts`, which says what the columns mean.
 */
import { sql } from "drizzle-orm";
import { bigint, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";

/** 64 bits, read as a number: all of ours are below 2^53. */
const integer = (name: string) => bigint(name, { mode: "number" });

export const realms = pgTable("realms", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  rpId: text("rp_id").notNull(),
  origins: text("origins").notNull(),
  policy: text("policy").notNull(),
  decoyShapes: text("decoy_shapes").notNull().default(""),
  branding: text("branding").notNull().default(""),
  createdAtMs: integer("created_at_ms").notNull(),
});

export const relyingParties = pgTable("relying_parties", {
  id: text("id").primaryKey(),
  realmId: text("realm_id").notNull(),
  name: text("name").notNull(),
  redirectUris: text("redirect_uris").notNull(),
  clientSecretHash: text("client_secret_hash").notNull(),
  unknownPerHour: integer("unknown_per_hour"),
  jwks: text("jwks"),
  allowInsecureAuthorize: integer("allow_insecure_authorize").notNull().default(0),
  createdAtMs: integer("created_at_ms").notNull(),
  revokedAtMs: integer("revoked_at_ms"),
});

export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    rpId: text("rp_id").notNull(),
    realmId: text("realm_id").notNull(),
    hash: text("hash").notNull(),
    prefix: text("prefix").notNull(),
    scopes: text("scopes").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms"),
    lastUsedAtMs: integer("last_used_at_ms"),
    revokedAtMs: integer("revoked_at_ms"),
    unknownSinceMs: integer("unknown_since_ms").notNull().default(0),
    unknownCount: integer("unknown_count").notNull().default(0),
    knownCount: integer("known_count").notNull().default(0),
    scanStoppedAtMs: integer("scan_stopped_at_ms"),
  },
  (t) => [uniqueIndex("api_keys_hash").on(t.hash), index("api_keys_rp").on(t.rpId)],
);

export const subjects = pgTable(
  "subjects",
  {
    lookup: text("lookup").primaryKey(),
    realmId: text("realm_id").notNull(),
    userHandle: text("user_handle").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (t) => [uniqueIndex("subjects_user_handle").on(t.userHandle)],
);

export const authenticators = pgTable(
  "authenticators",
  {
    id: text("id").primaryKey(),
    realmId: text("realm_id").notNull(),
    subjectLookup: text("subject_lookup").notNull(),
    method: text("method").notNull(),
    status: text("status").notNull(),
    label: text("label").notNull(),
    createdBy: text("created_by").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms"),
    attemptsLeft: integer("attempts_left").notNull(),
    activatedAtMs: integer("activated_at_ms"),
    revokedAtMs: integer("revoked_at_ms"),
    lastUsedAtMs: integer("last_used_at_ms"),
    secret: text("secret"),
    algorithm: text("algorithm"),
    digits: integer("digits"),
    periodSeconds: integer("period_seconds"),
    lastStep: integer("last_step").notNull(),
    stepsInBudget: integer("steps_in_budget").notNull().default(0),
    webauthnChallenge: text("webauthn_challenge"),
    credentialId: text("credential_id"),
    publicKey: text("public_key"),
    signCount: integer("sign_count").notNull(),
    backupEligible: integer("backup_eligible").notNull(),
    backupState: integer("backup_state").notNull(),
    hardwareAttested: integer("hardware_attested").notNull(),
    transports: text("transports"),
    aaguid: text("aaguid"),
    cloneSuspectedAtMs: integer("clone_suspected_at_ms"),
    accountName: text("account_name"),
  },
  (t) => [
    // What is looked for is found without reading the subject's other rows, and in the order that it is offered in.
    index("authenticators_subject").on(t.subjectLookup, t.status, t.method, t.createdAtMs, t.id),
    uniqueIndex("authenticators_credential").on(t.credentialId),
    uniqueIndex("authenticators_recovery_set")
      .on(t.subjectLookup)
      .where(sql`method = 'recovery_code' and status = 'active'`),
  ],
);

export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    mac: text("mac").primaryKey(),
    authenticatorId: text("authenticator_id").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    usedAtMs: integer("used_at_ms"),
  },
  (t) => [index("recovery_codes_authenticator").on(t.authenticatorId)],
);

export const challenges = pgTable(
  "challenges",
  {
    id: text("id").primaryKey(),
    realmId: text("realm_id").notNull(),
    rpId: text("rp_id").notNull(),
    subjectLookup: text("subject_lookup").notNull(),
    purpose: text("purpose").notNull(),
    requiredAcr: text("required_acr"),
    methods: text("methods").notNull(),
    lane: text("lane").notNull(),
    firstFactor: integer("first_factor").notNull(),
    deviceId: text("device_id"),
    deviceTokenHash: text("device_token_hash"),
    webauthnChallenge: text("webauthn_challenge").notNull(),
    attemptsLeft: integer("attempts_left").notNull(),
    status: text("status").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    satisfiedAtMs: integer("satisfied_at_ms"),
    method: text("method"),
    authenticatorId: text("authenticator_id"),
    acr: text("acr"),
    amr: text("amr"),
    userVerified: integer("user_verified"),
    proofSpentAtMs: integer("proof_spent_at_ms"),
    redeemedAtMs: integer("redeemed_at_ms"),
  },
  (t) => [index("challenges_expiry").on(t.expiresAtMs)],
);

export const guessBudgets = pgTable("guess_budgets", {
  id: text("id").primaryKey(),
  codesOf: text("codes_of"),
  lastStep: integer("last_step").notNull().default(0),
  lastUsedAtMs: integer("last_used_at_ms"),
  deviceInRow: integer("device_in_row").notNull().default(0),
  deviceWaitMs: integer("device_wait_ms").notNull().default(0),
  deviceWaitUntilMs: integer("device_wait_until_ms").notNull().default(0),
  deviceWrongTimes: text("device_wrong_times").notNull().default(""),
  provenInRow: integer("proven_in_row").notNull().default(0),
  provenWaitMs: integer("proven_wait_ms").notNull().default(0),
  provenWaitUntilMs: integer("proven_wait_until_ms").notNull().default(0),
  provenWrongTimes: text("proven_wrong_times").notNull().default(""),
  openInRow: integer("open_in_row").notNull().default(0),
  openWaitMs: integer("open_wait_ms").notNull().default(0),
  openWaitUntilMs: integer("open_wait_until_ms").notNull().default(0),
  openWrongTimes: text("open_wrong_times").notNull().default(""),
});

export const sourceLimits = pgTable("source_limits", {
  id: text("id").primaryKey(),
  arrivalMs: integer("arrival_ms").notNull(),
});

export const sights = pgTable(
  "sights",
  {
    subjectLookup: text("subject_lookup").notNull(),
    keyId: text("key_id").notNull(),
    atMs: integer("at_ms").notNull(),
    isKnown: integer("is_known").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.subjectLookup, t.keyId] }), index("sights_at").on(t.atMs)],
);

export const devices = pgTable(
  "devices",
  {
    id: text("id").primaryKey(),
    rpId: text("rp_id").notNull(),
    subjectLookup: text("subject_lookup").notNull(),
    tokenHash: text("token_hash").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    usedAtMs: integer("used_at_ms").notNull(),
    revokedAtMs: integer("revoked_at_ms"),
  },
  (t) => [index("devices_subject").on(t.subjectLookup)],
);

export const grants = pgTable(
  "grants",
  {
    id: text("id").primaryKey(),
    kind: text("kind").notNull(),
    realmId: text("realm_id").notNull(),
    rpId: text("rp_id"),
    subjectLookup: text("subject_lookup"),
    data: text("data").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    usedAtMs: integer("used_at_ms"),
  },
  (t) => [index("grants_subject").on(t.subjectLookup)],
);

export const usedTokens = pgTable("used_tokens", {
  id: text("id").primaryKey(),
  expiresAtMs: integer("expires_at_ms").notNull(),
});

export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    kind: text("kind").notNull(),
    realmId: text("realm_id").notNull(),
    rpId: text("rp_id"),
    subjectLookup: text("subject_lookup"),
    data: text("data").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    seenAtMs: integer("seen_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    provenAtMs: integer("proven_at_ms"),
    provenMethod: text("proven_method"),
  },
  (t) => [index("sessions_subject").on(t.subjectLookup)],
);

export const administrators = pgTable(
  "administrators",
  {
    id: text("id").primaryKey(),
    subjectLookup: text("subject_lookup").notNull(),
    name: text("name").notNull(),
    role: text("role").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    lastSignInAtMs: integer("last_sign_in_at_ms"),
    removedAtMs: integer("removed_at_ms"),
  },
  (t) => [uniqueIndex("administrators_subject").on(t.subjectLookup)],
);

export const counters = pgTable("counters", {
  id: text("id").primaryKey(),
  value: integer("value").notNull(),
});

export const auditEvents = pgTable(
  "audit_events",
  {
    id: integer("id").primaryKey().generatedByDefaultAsIdentity(),
    atMs: integer("at_ms").notNull(),
    kind: text("kind").notNull(),
    realmId: text("realm_id").notNull(),
    rpId: text("rp_id"),
    subjectLookup: text("subject_lookup"),
    authenticatorId: text("authenticator_id"),
    method: text("method"),
    lane: text("lane"),
    reason: text("reason"),
    actor: text("actor"),
    requestId: text("request_id").notNull(),
    notable: integer("notable").notNull(),
  },
  (t) => [index("audit_events_notable").on(t.realmId, t.id).where(sql`notable = 1`)],
);

export const subjectEvents = pgTable(
  "subject_events",
  { subjectLookup: text("subject_lookup").notNull(), eventId: integer("event_id").notNull() },
  (t) => [primaryKey({ columns: [t.subjectLookup, t.eventId] })],
);

export const idempotencyKeys = pgTable("idempotency_keys", {
  id: text("id").primaryKey(),
  requestHash: text("request_hash").notNull(),
  status: integer("status"),
  body: text("body"),
  createdAtMs: integer("created_at_ms").notNull(),
});

export const systemKeys = pgTable("system_keys", {
  id: text("id").primaryKey(),
  kind: text("kind").notNull(),
  sealed: text("sealed").notNull(),
  publicJwk: text("public_jwk"),
  createdAtMs: integer("created_at_ms").notNull(),
  retiredAtMs: integer("retired_at_ms"),
});
