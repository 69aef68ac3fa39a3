import { createHmac } from "node:crypto";
import BetterSqlite from "better-sqlite3";
import { parseConfig } from "../../src/config.ts";
import { type Bytes, toBase64url } from "../../src/domain/encoding.ts";
import { newId } from "../../src/domain/ids.ts";
import { DEFAULT_REALM_ID, type Realm } from "../../src/domain/realm.ts";
import { changeLimits } from "../../src/flows/realm-limits.ts";
import { createRelyingParty } from "../../src/flows/relying-parties.ts";
import { lookupOf } from "../../src/flows/subject.ts";
import { secretContext } from "../../src/flows/unseal-authenticator.ts";
import { buildCreationOptions, DEFAULT_ALGORITHMS } from "../../src/methods/webauthn/options.ts";
import { checkAttestation } from "../../src/methods/webauthn-registration.ts";
import { createInProcessEstimator } from "../../src/password/in-process-estimator.ts";
import type { Deps } from "../../src/ports/deps.ts";
import { openNodeDeps } from "../../src/runtime/node-deps.ts";
import { createAuthenticator, type VirtualAuthenticator } from "../support/virtual-authenticator.ts";
import { BENCH_REDIRECT_URI, type BenchClient } from "./openid-client.ts";

/** A database made ready: who may ask, and who can answer. */
export type Seeded = Readonly<{
  dataDir: string;
  /** Where the data went when it is not in the folder. */
  databaseUrl?: string;
  apiKey: string;
  /** The same relying party, as an OpenID client. */
  client: BenchClient;
  totpSubjects: number;
  /** One for each subject `passkeySubject(0)`, `passkeySubject(1)` and so on. */
  passkeys: readonly VirtualAuthenticator[];
}>;

const USER_HANDLE_BYTES = 64;
const MANY = 1_000_000;
const CHALLENGE = toBase64url(new Uint8Array(32).fill(7));

/** The reference of the n-th subject with an authenticator app. */
export function totpSubject(index: number): string {
  return `app-${index}`;
}

/** The reference of the n-th subject with a passkey. */
export function passkeySubject(index: number): string {
  return `key-${index}`;
}

/** The n-th subject's TOTP secret (20 bytes): worked out from the number, so that nobody keeps a million of them. */
export function totpSecret(index: number): Bytes {
  return new Uint8Array(createHmac("sha1", "countersign bench").update(String(index)).digest());
}

/**
 * A database with subjects as the service leaves them after enrolment and a first success: the subject, its active
 * authenticator with the secret sealed by the real keyring, its guess budget that remembers its codes, two audit events. Recovery codes are
 * left out: nothing measured here reads them.
 */
export async function seed(
  of: Readonly<{ dataDir: string; totpSubjects: number; passkeySubjects: number }>,
): Promise<Seeded> {
  const config = parseConfig({ COUNTERSIGN_DATA_DIR: of.dataDir });
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { deps } = await openNodeDeps(config, { logger, estimator: createInProcessEstimator() });
  const by = { actor: "bench", requestId: "req_bench", nowMs: deps.clock.now() };
  const rp = await createRelyingParty(deps, by, {
    name: "Shop",
    redirectUris: [BENCH_REDIRECT_URI],
    realmId: DEFAULT_REALM_ID,
  });
  const realm = await deps.realms.get(DEFAULT_REALM_ID);
  if (!rp.ok) throw new Error("the relying party was refused");
  // What is measured comes from few sources, and much of it is about nobody.
  const change = { scan: { unknownPerHour: MANY }, realmBudget: { burst: MANY } };
  const changed = await changeLimits(deps, by, { realmId: DEFAULT_REALM_ID, change });
  if (!changed.ok) throw new Error("the limits were refused");
  await deps.store.close();
  const writer = openWriter(config.databasePath, { deps, realm, rpId: rp.value.clientId });
  for (let index = 0; index < of.totpSubjects; index++) writer.addTotp(totpSubject(index), totpSecret(index));
  const passkeys: VirtualAuthenticator[] = [];
  for (let index = 0; index < of.passkeySubjects; index++)
    passkeys.push(await writer.addPasskey(passkeySubject(index)));
  writer.close();
  const { apiKey, clientId, clientSecret = "" } = rp.value;
  return { dataDir: of.dataDir, apiKey, client: { clientId, clientSecret }, totpSubjects: of.totpSubjects, passkeys };
}

type Owner = Readonly<{ deps: Deps; realm: Realm; rpId: string }>;
type Columns = Readonly<Record<string, string | number | null>>;

/**
 * Rows straight into the file, in one transaction that need not survive a power cut. Subjects with an app are gathered
 * first and written in the order of the indexes, so that ten million take minutes. Nobody else may have the file open.
 */
function openWriter(path: string, owner: Owner) {
  const { deps, realm, rpId } = owner;
  const client = new BetterSqlite(path);
  // A write-ahead log is left by way of a journal only.
  client.pragma("journal_mode = DELETE");
  client.pragma("journal_mode = OFF");
  client.pragma("synchronous = OFF");
  client.pragma("cache_size = -2000000");
  client.exec(
    "attach '' as gathered; create table gathered.apps (lookup text, id text, user_handle text, secret text)",
  );
  const insert = inserter(client);
  client.exec("begin");

  function addSubject(lookup: string, userHandle: string): string {
    insert("subjects", { lookup, realm_id: realm.id, user_handle: userHandle, created_at_ms: deps.clock.now() });
    return newId("au", deps.random.bytes);
  }

  function addEvent(lookup: string, columns: Columns): void {
    const event = { at_ms: deps.clock.now(), realm_id: realm.id, rp_id: rpId, subject_lookup: lookup };
    insert("subject_events", { subject_lookup: lookup, event_id: insert("audit_events", { ...event, ...columns }) });
  }

  function addAuthenticator(lookup: string, id: string, columns: Columns): void {
    insert("authenticators", { id, subject_lookup: lookup, ...activeColumns(owner), ...columns });
    const about = { authenticator_id: id, method: columns.method ?? null, request_id: id };
    addEvent(lookup, { ...about, kind: "enrolment_started", notable: 0 });
    addEvent(lookup, { ...about, kind: "authenticator_added", notable: 1 });
  }

  return {
    addTotp(reference: string, secret: Bytes): void {
      const lookup = lookupOf(deps.keyring, realm.id, reference);
      const id = newId("au", deps.random.bytes);
      const user_handle = toBase64url(deps.random.bytes(USER_HANDLE_BYTES));
      insert("gathered.apps", { lookup, id, user_handle, secret: deps.keyring.seal(secretContext(id), secret) });
    },
    async addPasskey(reference: string): Promise<VirtualAuthenticator> {
      const lookup = lookupOf(deps.keyring, realm.id, reference);
      const userHandle = toBase64url(deps.random.bytes(USER_HANDLE_BYTES));
      const { passkey, columns } = await register(owner, userHandle);
      addAuthenticator(lookup, addSubject(lookup, userHandle), columns);
      return passkey;
    },
    close(): void {
      writeApps(client, owner);
      insert("counters", { id: "subject_events", value: lastEventOf(client) });
      client.exec("commit");
      client.close();
    },
  };
}

function lastEventOf(client: BetterSqlite.Database): number {
  return Number(client.prepare("select coalesce(max(id), 0) from audit_events").pluck().get());
}

/** What the gathered subjects with an app have. */
function writeApps(client: BetterSqlite.Database, owner: Owner): void {
  const { realm, rpId, deps } = owner;
  const { algorithm, digits, periodSeconds } = realm.policy.totp;
  const columns = { method: "totp", algorithm, digits, period_seconds: periodSeconds, steps_in_budget: 1 };
  const same = { ...activeColumns(owner), ...columns };
  const terms = { realm: realm.id, rp: rpId, now: deps.clock.now(), before: lastEventOf(client) };
  const names = Object.keys(same);
  const event = "at_ms, realm_id, rp_id, subject_lookup, authenticator_id, method, request_id";
  const eventOf = "@now, @realm, @rp, lookup, id, 'totp', id";
  const write = (sql: string, values: Columns = terms) => client.prepare(sql).run(values);
  write(`insert into subjects (lookup, realm_id, user_handle, created_at_ms)
    select lookup, @realm, user_handle, @now from gathered.apps order by lookup`);
  write(
    `insert into authenticators (id, subject_lookup, secret, ${names.join()})
      select id, lookup, secret, ${names.map((name) => `@${name}`).join()} from gathered.apps order by lookup`,
    same,
  );
  write("insert into guess_budgets (id, codes_of) select lookup || ':totp', id from gathered.apps order by lookup");
  write(`insert into audit_events (id, kind, notable, ${event})
    select @before + 2 * rowid - 1, 'enrolment_started', 0, ${eventOf} from gathered.apps union all
    select @before + 2 * rowid, 'authenticator_added', 1, ${eventOf} from gathered.apps order by 1`);
  write(`insert into subject_events (subject_lookup, event_id)
    select lookup, @before + 2 * rowid - 1 from gathered.apps union all
    select lookup, @before + 2 * rowid from gathered.apps order by 1, 2`);
}

/** Inserts a row, and answers with its number. */
function inserter(client: BetterSqlite.Database): (table: string, row: Columns) => number {
  const prepared = new Map<string, BetterSqlite.Statement>();
  return (table, row) => {
    const names = Object.keys(row);
    const sql = `insert into ${table} (${names.join()}) values (${names.map((name) => `@${name}`).join()})`;
    const statement = prepared.get(sql) ?? client.prepare(sql);
    prepared.set(sql, statement);
    return Number(statement.run(row).lastInsertRowid);
  };
}

/** What an active row of either method has. */
function activeColumns({ deps, realm, rpId }: Owner): Columns {
  const now = deps.clock.now();
  return {
    realm_id: realm.id,
    status: "active",
    label: "",
    created_by: rpId,
    created_at_ms: now,
    activated_at_ms: now,
    attempts_left: 19,
    last_step: 0,
    sign_count: 0,
    backup_eligible: 0,
    backup_state: 0,
    hardware_attested: 0,
  };
}

/** A passkey registered for real, and its row. */
async function register({ deps, realm }: Owner, userHandle: string) {
  const [origin = ""] = realm.origins;
  const passkey = createAuthenticator({ rpId: realm.rpId, origin });
  const options = buildCreationOptions({
    rpId: realm.rpId,
    rpName: realm.name,
    userHandle,
    userName: "neutral",
    displayName: "neutral",
    challenge: CHALLENGE,
    excludeCredentials: [],
    userVerification: "preferred",
  });
  const checked = await checkAttestation({
    response: passkey.register(options, { algorithm: -7 }),
    challenge: CHALLENGE,
    rpId: realm.rpId,
    origins: realm.origins,
    userVerification: "preferred",
    algorithms: DEFAULT_ALGORITHMS,
    nowMs: deps.clock.now(),
    crypto: deps.webauthnCrypto,
  });
  if (!checked.ok) throw new Error(`a passkey was refused: ${checked.reason}`);
  const { credentialId, publicKey, transports, aaguid } = checked.credential;
  const columns: Columns = {
    method: "webauthn",
    credential_id: credentialId,
    public_key: publicKey,
    transports: JSON.stringify(transports),
    aaguid,
  };
  return { passkey, columns };
}
