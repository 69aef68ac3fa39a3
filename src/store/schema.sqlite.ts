/**
 * The tables on SQLite and D1. Portable columns only: text, integer, times as epoch milliseconds, bytes as base64url,
 * JSON as text. No column holds an e-mail, a phone number or a user name in clear.
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const realms = sqliteTable("realms", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  rpId: text("rp_id").notNull(),
  origins: text("origins").notNull(),
  /** Deviations from the default policy. */
  policy: text("policy").notNull(),
  /** JSON; empty while the population is only assumed. */
  decoyShapes: text("decoy_shapes").notNull().default(""),
  /** JSON; empty for our own looks. */
  branding: text("branding").notNull().default(""),
  createdAtMs: integer("created_at_ms").notNull(),
});

export const relyingParties = sqliteTable("relying_parties", {
  id: text("id").primaryKey(),
  realmId: text("realm_id").notNull(),
  name: text("name").notNull(),
  redirectUris: text("redirect_uris").notNull(),
  /** Empty, which no secret hashes to, for one that signs instead. */
  clientSecretHash: text("client_secret_hash").notNull(),
  /** How many unknown subjects each of its keys may ask about in an hour; null for what the realm's policy says. */
  unknownPerHour: integer("unknown_per_hour"),
  /** JWK set of public keys: what its client assertions are signed with. */
  jwks: text("jwks"),
  /** 1 when its authorization requests may come by the browser instead of being pushed. */
  allowInsecureAuthorize: integer("allow_insecure_authorize").notNull().default(0),
  createdAtMs: integer("created_at_ms").notNull(),
  revokedAtMs: integer("revoked_at_ms"),
});

export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    rpId: text("rp_id").notNull(),
    realmId: text("realm_id").notNull(),
    hash: text("hash").notNull(),
    /** First characters of the key, to recognise it by. */
    prefix: text("prefix").notNull(),
    scopes: text("scopes").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms"),
    lastUsedAtMs: integer("last_used_at_ms"),
    revokedAtMs: integer("revoked_at_ms"),
    /** The scan alarm: unknown subjects asked about since then, known ones told of, and when they became too many. */
    unknownSinceMs: integer("unknown_since_ms").notNull().default(0),
    unknownCount: integer("unknown_count").notNull().default(0),
    knownCount: integer("known_count").notNull().default(0),
    scanStoppedAtMs: integer("scan_stopped_at_ms"),
  },
  (t) => [uniqueIndex("api_keys_hash").on(t.hash), index("api_keys_rp").on(t.rpId)],
);

export const subjects = sqliteTable(
  "subjects",
  {
    /** Keyed hash of realm and reference. */
    lookup: text("lookup").primaryKey(),
    realmId: text("realm_id").notNull(),
    /** WebAuthn user handle: 64 random bytes. */
    userHandle: text("user_handle").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (t) => [uniqueIndex("subjects_user_handle").on(t.userHandle)],
);

export const authenticators = sqliteTable(
  "authenticators",
  {
    id: text("id").primaryKey(),
    realmId: text("realm_id").notNull(),
    subjectLookup: text("subject_lookup").notNull(),
    method: text("method").notNull(),
    /** pending, active or revoked. */
    status: text("status").notNull(),
    label: text("label").notNull(),
    /** Who started the enrolment: a relying party's id, or the subject on the account page. */
    createdBy: text("created_by").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    /** Pending enrolments die then; null once active. */
    expiresAtMs: integer("expires_at_ms"),
    attemptsLeft: integer("attempts_left").notNull(),
    activatedAtMs: integer("activated_at_ms"),
    revokedAtMs: integer("revoked_at_ms"),
    lastUsedAtMs: integer("last_used_at_ms"),
    /** TOTP: the sealed secret. */
    secret: text("secret"),
    algorithm: text("algorithm"),
    digits: integer("digits"),
    periodSeconds: integer("period_seconds"),
    lastStep: integer("last_step").notNull(),
    /** 1 when its last step and use are remembered by the subject's guess budget instead. Never changes once active. */
    stepsInBudget: integer("steps_in_budget").notNull().default(0),
    /** Passkeys. The challenge belongs to a pending enrolment only. */
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
    /** Sealed account name: shown during enrolment, erased by its confirmation. */
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

export const recoveryCodes = sqliteTable(
  "recovery_codes",
  {
    mac: text("mac").primaryKey(),
    authenticatorId: text("authenticator_id").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    usedAtMs: integer("used_at_ms"),
  },
  (t) => [index("recovery_codes_authenticator").on(t.authenticatorId)],
);

export const challenges = sqliteTable(
  "challenges",
  {
    id: text("id").primaryKey(),
    realmId: text("realm_id").notNull(),
    rpId: text("rp_id").notNull(),
    subjectLookup: text("subject_lookup").notNull(),
    /** What the challenge was opened for; bound into an administrator's confirming touch. */
    purpose: text("purpose").notNull(),
    requiredAcr: text("required_acr"),
    methods: text("methods").notNull(),
    lane: text("lane").notNull(),
    /** 1 when the relying party had just checked the first factor. */
    firstFactor: integer("first_factor").notNull(),
    /** The device token that chose the lane: its line and hash, to rotate it when the verdict is handed over. */
    deviceId: text("device_id"),
    deviceTokenHash: text("device_token_hash"),
    webauthnChallenge: text("webauthn_challenge").notNull(),
    attemptsLeft: integer("attempts_left").notNull(),
    /** pending, satisfied or denied. */
    status: text("status").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    satisfiedAtMs: integer("satisfied_at_ms"),
    method: text("method"),
    authenticatorId: text("authenticator_id"),
    acr: text("acr"),
    amr: text("amr"),
    userVerified: integer("user_verified"),
    /** A satisfied challenge proves one change, and is redeemed by its relying party once. */
    proofSpentAtMs: integer("proof_spent_at_ms"),
    redeemedAtMs: integer("redeemed_at_ms"),
  },
  (t) => [index("challenges_expiry").on(t.expiresAtMs)],
);

/**
 * One narrow row a subject and guessable method: what wrong answers were charged in each lane and, in the row for codes,
 * the last code of one authenticator. A right code then changes a single page, which is most of what a verify costs.
 * Without a rowid, which drizzle cannot say: see the migration.
 */
export const guessBudgets = sqliteTable("guess_budgets", {
  /** lookup ":" method; exists for subjects that do not. */
  id: text("id").primaryKey(),
  /** The authenticator whose codes are remembered here; those of others are in their own rows. */
  codesOf: text("codes_of"),
  lastStep: integer("last_step").notNull().default(0),
  lastUsedAtMs: integer("last_used_at_ms"),
  deviceInRow: integer("device_in_row").notNull().default(0),
  deviceWaitMs: integer("device_wait_ms").notNull().default(0),
  deviceWaitUntilMs: integer("device_wait_until_ms").notNull().default(0),
  /** Newest first, one entry of fixed width for each charged guess; see `guess-budgets.ts`. */
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

export const sourceLimits = sqliteTable("source_limits", {
  /** Keyed hash of the source's prefix. */
  id: text("id").primaryKey(),
  /** Theoretical arrival time of the generic cell rate algorithm. */
  arrivalMs: integer("arrival_ms").notNull(),
});

/** Which subjects a key has asked about within the hour, so that each counts once: unknown ones, and known ones it was told of. */
export const sights = sqliteTable(
  "sights",
  {
    subjectLookup: text("subject_lookup").notNull(),
    keyId: text("key_id").notNull(),
    atMs: integer("at_ms").notNull(),
    /** 1 when the key was told that the subject is known. */
    isKnown: integer("is_known").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.subjectLookup, t.keyId] }), index("sights_at").on(t.atMs)],
);

export const devices = sqliteTable(
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

export const grants = sqliteTable(
  "grants",
  {
    /** Hash of the token that the link carries. */
    id: text("id").primaryKey(),
    kind: text("kind").notNull(),
    realmId: text("realm_id").notNull(),
    rpId: text("rp_id"),
    subjectLookup: text("subject_lookup"),
    /** Sealed JSON. */
    data: text("data").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    usedAtMs: integer("used_at_ms"),
  },
  (t) => [index("grants_subject").on(t.subjectLookup)],
);

/** Identifiers that count once, remembered until what carried them has expired. */
export const usedTokens = sqliteTable("used_tokens", {
  /** Keyed hash of what issued the identifier, and the identifier. */
  id: text("id").primaryKey(),
  expiresAtMs: integer("expires_at_ms").notNull(),
});

export const sessions = sqliteTable(
  "sessions",
  {
    /** Hash of the cookie's token. */
    id: text("id").primaryKey(),
    kind: text("kind").notNull(),
    realmId: text("realm_id").notNull(),
    rpId: text("rp_id"),
    subjectLookup: text("subject_lookup"),
    /** Sealed JSON. */
    data: text("data").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    seenAtMs: integer("seen_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    /** When this session's person last proved an authenticator, and which method. */
    provenAtMs: integer("proven_at_ms"),
    provenMethod: text("proven_method"),
  },
  (t) => [index("sessions_subject").on(t.subjectLookup)],
);

export const administrators = sqliteTable(
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

/** Numbers that a guard has to read from one row, such as how many owners there are. */
export const counters = sqliteTable("counters", {
  id: text("id").primaryKey(),
  value: integer("value").notNull(),
});

export const auditEvents = sqliteTable(
  "audit_events",
  {
    id: integer("id").primaryKey(),
    atMs: integer("at_ms").notNull(),
    kind: text("kind").notNull(),
    realmId: text("realm_id").notNull(),
    rpId: text("rp_id"),
    subjectLookup: text("subject_lookup"),
    authenticatorId: text("authenticator_id"),
    method: text("method"),
    lane: text("lane"),
    /** Our private reason code, or what an administrator typed. */
    reason: text("reason"),
    /** Administrator who acted. */
    actor: text("actor"),
    requestId: text("request_id").notNull(),
    /** 1 when relying parties are told of it. */
    notable: integer("notable").notNull(),
  },
  (t) => [index("audit_events_notable").on(t.realmId, t.id).where(sql`notable = 1`)],
);

/**
 * Which audit events concern a subject: an index of `audit_events` that is brought up to date from time to time and in
 * order of subjects, since an entry more a verify would cost as much as all else that it writes.
 */
export const subjectEvents = sqliteTable(
  "subject_events",
  { subjectLookup: text("subject_lookup").notNull(), eventId: integer("event_id").notNull() },
  (t) => [primaryKey({ columns: [t.subjectLookup, t.eventId] })],
);

export const idempotencyKeys = sqliteTable("idempotency_keys", {
  /** Keyed hash of the relying party and the key. */
  id: text("id").primaryKey(),
  requestHash: text("request_hash").notNull(),
  /** Null while the first request is being answered. */
  status: integer("status"),
  /** Sealed. */
  body: text("body"),
  createdAtMs: integer("created_at_ms").notNull(),
});

export const systemKeys = sqliteTable("system_keys", {
  id: text("id").primaryKey(),
  kind: text("kind").notNull(),
  /** Sealed key material. */
  sealed: text("sealed").notNull(),
  publicJwk: text("public_jwk"),
  createdAtMs: integer("created_at_ms").notNull(),
  retiredAtMs: integer("retired_at_ms"),
});
