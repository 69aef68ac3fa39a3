import { AUDIT_KINDS, type AuditKind } from "../../src/domain/audit-event.ts";
import { SCOPES } from "../../src/domain/relying-party.ts";
import type { AdminModel, AdminSelf, AuditView, SignedInView, SubjectView } from "../../src/http/pages/admin-models.ts";
import type { Frame } from "../../src/http/pages/models.ts";

type AdminFixture = Readonly<{ name: string; model: AdminModel }>;

const OWNER: AdminSelf = { name: "Ada Lovelace", role: "owner", may: ["read", "reset", "manage"] };
const OPERATOR: AdminSelf = { name: "Olga", role: "operator", may: ["read", "reset"] };
const AUDITOR: AdminSelf = { name: "\u202Eevil</script><b>bold</b>", role: "auditor", may: ["read"] };

const REQUEST = { challenge: "AAAA", rpId: "localhost", allowCredentials: [], userVerification: "required" };
const CREATION = {
  challenge: "AAAA",
  rp: { id: "localhost", name: "Countersign administration" },
  user: { id: "dXNlcg", name: "Ada", displayName: "Ada" },
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
};
const TOUCH = { id: "ch_0abcdefghjkmnpqrstvwxyz012", options: REQUEST };
const SHOP = { id: "rp_0abcdefghjkmnpqrstvwxyz012", name: "Shop" };
const PARTIES = [SHOP, { id: "rp_1abcdefghjkmnpqrstvwxyz012", name: "A rather long name of an application" }];
// The table's own keys.
const KINDS = Object.keys(AUDIT_KINDS) as AuditKind[];

/** Every view of the administration pages, in the states that look different. */
export function adminFixtures({ lang, csrf, host }: Frame): readonly AdminFixture[] {
  const admin = { lang, csrf, host, page: "admin" } as const;
  const signedIn = (self: AdminSelf, view: SignedInView): AdminModel => ({ ...admin, self, ...view });
  const invite = { ...admin, view: "invite", role: "owner", name: "Ada", options: CREATION } as const;
  return [
    { name: "admin-invite", model: invite },
    { name: "admin-invite-refused", model: { ...invite, problem: "passkey_refused" } },
    { name: "admin-sign-in", model: { ...admin, view: "sign_in", options: REQUEST } },
    {
      name: "admin-sign-in-refused",
      model: { ...admin, view: "sign_in", options: REQUEST, problem: "passkey_refused" },
    },
    { name: "admin-find", model: signedIn(OPERATOR, { view: "find", relyingParties: PARTIES, guessing: [] }) },
    {
      name: "admin-find-guessing",
      model: signedIn(OPERATOR, {
        view: "find",
        relyingParties: PARTIES,
        guessing: [
          {
            realm: { id: "default", name: "Default" },
            lane: "proven",
            wrong: 500,
            opensAt: "2026-11-23T09:00:00.000Z",
            touch: TOUCH,
          },
        ],
      }),
    },
    {
      name: "admin-find-forbidden",
      model: signedIn(AUDITOR, { view: "find", relyingParties: [], guessing: [], problem: "forbidden" }),
    },
    { name: "admin-subject", model: signedIn(OPERATOR, subject({})) },
    { name: "admin-subject-unknown", model: signedIn(OPERATOR, subject(UNKNOWN)) },
    { name: "admin-subject-reset", model: signedIn(OPERATOR, subject({ ...UNKNOWN, done: "reset" })) },
    { name: "admin-subject-refused", model: signedIn(OPERATOR, subject({ problem: "passkey_refused" })) },
    { name: "admin-subject-auditor", model: signedIn(AUDITOR, subject({ touch: undefined })) },
    { name: "admin-help", model: signedIn(OPERATOR, help(false)) },
    { name: "admin-help-auditor", model: signedIn(AUDITOR, help(true)) },
    { name: "admin-help-none", model: signedIn(OWNER, { view: "help", requests: [], isCut: false }) },
    ...relyingPartyViews().map(({ name, self, view }) => ({ name, model: signedIn(self, view) })),
    ...administratorViews().map(({ name, self, view }) => ({ name, model: signedIn(self, view) })),
    { name: "admin-audit", model: signedIn(AUDITOR, audit({ events: EVENTS, nextBefore: "812" })) },
    {
      name: "admin-audit-empty",
      model: signedIn(OWNER, audit({ events: [], filter: { kind: "subject_reset", from: "2026-11-01" } })),
    },
  ];
}

const EVENTS: readonly AuditView[] = [
  {
    id: "9",
    at: "2026-11-23T07:58:00Z",
    kind: "administrator_looked_up",
    relyingParty: "Shop",
    subject: "q3Zk81Lw",
    actor: "Olga",
  },
  {
    id: "8",
    at: "2026-11-23T07:40:00Z",
    kind: "lane_suspended",
    relyingParty: "Shop",
    subject: "q3Zk81Lw",
    method: "totp",
    lane: "proven",
  },
  {
    id: "7",
    at: "2026-11-22T21:12:00Z",
    kind: "answer_rejected",
    relyingParty: "Shop",
    subject: "q3Zk81Lw",
    method: "totp",
    lane: "proven",
    reason: "wrong_code",
  },
  {
    id: "6",
    at: "2026-11-20T10:03:00Z",
    kind: "subject_reset",
    relyingParty: "Shop",
    subject: "q3Zk81Lw",
    actor: "Ada Lovelace",
    reason: "Lost phone, passport seen at the desk; new phone was bought the day before \u202Eand so on</b>",
  },
];

function help(isCut: boolean): Extract<SignedInView, { view: "help" }> {
  const one = { target: "v1.k1.AAAA", at: "2026-11-23T07:12:00Z", times: 2, relyingParty: "Shop", subject: "q3Zk81Lw" };
  const other = { at: "2026-11-22T21:40:00Z", times: 1, relyingParty: "Rather long </b>", subject: "-9aXYZ_q" };
  return { view: "help", requests: [one, { ...one, ...other, target: "v1.k1.BBBB" }], isCut };
}

function subject(changes: Partial<SubjectView>): Extract<SignedInView, { view: "subject" }> {
  return {
    view: "subject",
    target: "v1.k1.AAAA",
    relyingParty: SHOP,
    authenticators: [
      {
        id: "au_1",
        method: "webauthn",
        label: "My phone",
        provider: "iCloud Keychain",
        createdAt: "2026-03-02T10:00:00Z",
        lastUsedAt: "2026-11-22T18:30:00Z",
        sync: "synced",
      },
      {
        id: "au_2",
        method: "webauthn",
        label: "Blue key \u202Eevil</b>",
        createdAt: "2025-01-12T10:00:00Z",
        sync: "device_bound",
        cloneSuspected: true,
      },
      {
        id: "au_3",
        method: "totp",
        label: "Authenticator app",
        createdAt: "2026-03-02T10:00:00Z",
        lastUsedAt: "2026-11-20T07:00:00Z",
      },
    ],
    recoveryCodesLeft: 7,
    budgets: [
      { lane: "proven", method: "totp", state: "suspended", wrongInRow: 33, wrongToday: 4, wrongThisMonth: 25 },
      {
        lane: "open",
        method: "totp",
        state: "waiting",
        wrongInRow: 6,
        wrongToday: 6,
        wrongThisMonth: 6,
        opensAt: "2026-11-23T08:02:00Z",
      },
      { lane: "device", method: "recovery_code", state: "open", wrongInRow: 1, wrongToday: 1, wrongThisMonth: 1 },
    ],
    events: EVENTS,
    touch: { reset: TOUCH, lift: TOUCH },
    ...changes,
  };
}

const UNKNOWN: Partial<SubjectView> = { authenticators: [], recoveryCodesLeft: undefined, budgets: [], events: [] };

type NamedView = Readonly<{ name: string; self: AdminSelf; view: SignedInView }>;

const RELYING_PARTY = {
  ...SHOP,
  realm: "default",
  redirectUris: [
    "https://shop.example/callback",
    "https://a-rather-long-host-name.shops.example.co.uk/sign-in/callback",
  ],
  status: "active",
  createdAt: "2026-01-04T09:00:00Z",
  activeKeys: 2,
  stoppedKeys: 0,
} as const;

function relyingPartyViews(): readonly NamedView[] {
  const one = {
    view: "relying_party",
    relyingParty: RELYING_PARTY,
    openid: { authentication: "client_secret", keys: [], allowInsecureAuthorize: false },
    looks: { name: "Default" },
    keys: [
      {
        id: "key_1",
        prefix: "cs_Ab12Cd34",
        scopes: [...SCOPES],
        createdAt: "2026-01-04T09:00:00Z",
        lastUsedAt: "2026-11-23T07:59:00Z",
        status: "active",
      },
      {
        id: "key_2",
        prefix: "cs_Zz99Yy88",
        scopes: ["verify"],
        createdAt: "2025-06-01T09:00:00Z",
        expiresAt: "2026-06-01T09:00:00Z",
        status: "expired",
      },
    ],
    scopes: SCOPES,
    unknownPerHourOfRealm: 100,
    touch: { revoke: TOUCH, limit: TOUCH },
  } as const;
  const signing = {
    ...one,
    openid: {
      authentication: "private_key_jwt",
      keys: [{ id: "2026-11", kind: "P-256" }, { kind: "Ed25519" }],
      allowInsecureAuthorize: true,
    },
    looks: {
      name: "Juniper Accounts \u202Eevil</b>",
      logo: "/brand/gallery/1/logo",
      accent: "#7a1f5c",
      privacyUrl: "https://juniper.example/privacy",
      supportUrl: "https://juniper.example/help",
      accountUrl: "https://juniper.example/account",
    },
  } as const;
  const stopped = {
    ...one,
    relyingParty: { ...RELYING_PARTY, activeKeys: 0, stoppedKeys: 1 },
    keys: one.keys.map((key) => ({ ...key, status: "stopped", stoppedAt: "2026-11-23T07:59:00Z" }) as const),
    unknownPerHour: 250,
    touch: { revoke: TOUCH, limit: TOUCH, lift: TOUCH },
  } as const;
  const created = {
    clientId: SHOP.id,
    clientSecret: "cs_secret_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
    apiKey: "cs_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
  };
  const list = { view: "relying_parties", relyingParties: [RELYING_PARTY] } as const;
  return [
    { name: "admin-relying-parties", self: OWNER, view: list },
    { name: "admin-relying-parties-none", self: AUDITOR, view: { ...list, relyingParties: [] } },
    { name: "admin-relying-parties-refused", self: OWNER, view: { ...list, problem: "invalid_redirect_uri" } },
    { name: "admin-relying-party", self: OWNER, view: one },
    { name: "admin-relying-party-signing", self: OWNER, view: signing },
    { name: "admin-relying-party-stopped", self: OWNER, view: stopped },
    { name: "admin-relying-party-created", self: OWNER, view: { ...one, created } },
    { name: "admin-relying-party-auditor", self: AUDITOR, view: { ...one, touch: undefined } },
  ];
}

function administratorViews(): readonly NamedView[] {
  const ada = {
    id: "adm_1",
    name: "Ada Lovelace",
    role: "owner",
    createdAt: "2026-01-02T09:00:00Z",
    lastSignInAt: "2026-11-23T07:30:00Z",
    isSelf: true,
    pending: false,
  } as const;
  const olga = { ...ada, id: "adm_2", name: "Olga", role: "operator", isSelf: false } as const;
  const otto = {
    id: "adm_3",
    name: "Otto",
    role: "auditor",
    createdAt: "2026-11-23T07:00:00Z",
    expiresAt: "2026-11-24T07:00:00Z",
    isSelf: false,
    pending: true,
  } as const;
  const list = { view: "administrators", administrators: [ada, olga, otto], touch: TOUCH } as const;
  const invited = {
    url: "https://id.example.com/admin/invite/0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
    expiresAt: "2026-11-24T08:00:00Z",
  };
  return [
    { name: "admin-administrators", self: OWNER, view: list },
    { name: "admin-administrators-invited", self: OWNER, view: { ...list, invited } },
    { name: "admin-administrators-auditor", self: AUDITOR, view: { ...list, touch: undefined } },
    { name: "admin-administrator", self: OWNER, view: { view: "administrator", administrator: olga, touch: TOUCH } },
    {
      name: "admin-administrator-pending",
      self: OWNER,
      view: { view: "administrator", administrator: otto, touch: TOUCH, problem: "reason_missing" },
    },
    { name: "admin-administrator-self", self: OWNER, view: { view: "administrator", administrator: ada } },
  ];
}

function audit(
  changes: Readonly<{
    events: readonly AuditView[];
    nextBefore?: string;
    filter?: Extract<SignedInView, { view: "audit" }>["filter"];
  }>,
): SignedInView {
  return { view: "audit", kinds: KINDS, relyingParties: PARTIES, filter: {}, ...changes };
}
