import { generate } from "lean-qr";
import type { BrandView } from "../../src/http/pages/frame.ts";
import { ADMIN_LANGUAGES } from "../../src/http/pages/language.ts";
import type {
  AccountModel,
  AccountOverview,
  AnswerProblem,
  AuthenticatorView,
  ChallengeView,
  EnrolModel,
  Frame,
  Language,
  PageModel,
  PlainModel,
  PromptModel,
  Qr,
} from "../../src/http/pages/models.ts";
import { adminFixtures } from "./admin-fixtures.ts";

/** A model for a view in one of its states; `name` is unique and fit for a path. */
export type Fixture = Readonly<{ name: string; model: PageModel }>;

/** Every view of every page, with each kind of problem, in one language. */
export function fixtures(lang: Language = "en"): readonly Fixture[] {
  const frame: Frame = { ...FRAME, lang };
  return [
    ...promptFixtures(frame),
    ...enrolFixtures(frame),
    ...accountFixtures(frame),
    ...(ADMIN_LANGUAGES.includes(lang) ? adminFixtures(frame) : []),
    ...plainFixtures(frame),
  ];
}

export const OTPAUTH_URI =
  "otpauth://totp/Shop:maria%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Shop&algorithm=SHA1&digits=6&period=30";

/** Markup and a right-to-left override: names that must stay plain text and keep to themselves. */
export const HOSTILE_NAME = '\u202Eevil</script><b title="x">bold</b>';

const FRAME: Frame = {
  lang: "en",
  csrf: "csrf-token-of-the-session",
  host: "id.example.com",
  relyingParty: { name: "Shop", host: "shop.example" },
};

/** A realm with looks of its own; the gallery serves what it names. */
const BRAND: BrandView = {
  name: "Juniper Accounts",
  logo: "/brand/gallery/1/logo",
  stylesheet: "/brand/gallery/1/accent.css",
  privacyUrl: "https://shop.example/privacy",
  supportUrl: "https://shop.example/help",
};

const REQUEST_OPTIONS = {
  challenge: "Y2hhbGxlbmdlLW9mLXRoZS1wYWdl",
  rpId: "localhost",
  allowCredentials: [{ id: "Y3JlZGVudGlhbC0x", type: "public-key", transports: ["internal"] }],
  userVerification: "preferred",
  timeout: 60_000,
};

const CREATION_OPTIONS = {
  challenge: "Y2hhbGxlbmdlLW9mLXRoZS1wYWdl",
  rp: { id: "localhost", name: "Shop" },
  user: { id: "dXNlci1oYW5kbGU", name: "maria@example.com", displayName: "" },
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  excludeCredentials: [],
  authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  timeout: 60_000,
};

/** A challenge with every method; without an end that the clock of a test could reach. */
function challengeView(current: ChallengeView["current"], problem?: AnswerProblem): ChallengeView {
  return {
    methods: ["webauthn", "totp", "recovery_code"],
    current,
    totpDigits: 6,
    webauthn: { options: REQUEST_OPTIONS },
    expiresAt: "2026-11-23T10:10:00Z",
    ...(problem && { problem }),
  };
}

function promptFixtures(frame: Frame): readonly Fixture[] {
  const prompt = { ...frame, page: "prompt" } as const;
  const challenge = (current: ChallengeView["current"], problem?: AnswerProblem): PromptModel => ({
    ...prompt,
    view: "challenge",
    challenge: challengeView(current, problem),
  });
  const closed = (reason: Extract<PromptModel, { view: "closed" }>["reason"], returnHost?: string): PromptModel => ({
    ...prompt,
    view: "closed",
    reason,
    ...(returnHost !== undefined && { returnHost }),
  });
  return [
    { name: "prompt-totp", model: challenge("totp") },
    { name: "prompt-totp-wrong", model: challenge("totp", { code: "rejected", misses: 1 }) },
    { name: "prompt-totp-wrong-again", model: challenge("totp", { code: "rejected", misses: 2 }) },
    { name: "prompt-totp-throttled", model: challenge("totp", { code: "throttled", retryAfterSeconds: 30 }) },
    { name: "prompt-totp-suspended", model: challenge("totp", { code: "suspended" }) },
    { name: "prompt-totp-assurance", model: challenge("totp", { code: "assurance_unmet" }) },
    { name: "prompt-passkey", model: challenge("webauthn") },
    { name: "prompt-passkey-refused", model: challenge("webauthn", { code: "rejected", misses: 1 }) },
    { name: "prompt-recovery", model: challenge("recovery_code") },
    { name: "prompt-recovery-wrong", model: challenge("recovery_code", { code: "rejected", misses: 1 }) },
    {
      name: "prompt-only-totp",
      model: {
        ...prompt,
        view: "challenge",
        challenge: { ...challengeView("totp"), methods: ["totp"], totpDigits: 8 },
      },
    },
    {
      name: "prompt-hostile-names",
      model: {
        ...challenge("totp"),
        relyingParty: { name: HOSTILE_NAME, host: "a-rather-long-host-name.shops.example.co.uk" },
      },
    },
    {
      name: "prompt-recovery-used",
      model: { ...prompt, view: "recovery_used", recoveryCodesLeft: 7, returnHost: "shop.example" },
    },
    {
      name: "prompt-recovery-low",
      model: { ...prompt, view: "recovery_used", recoveryCodesLeft: 1, returnHost: "shop.example" },
    },
    {
      name: "prompt-recovery-none",
      model: { ...prompt, view: "recovery_used", recoveryCodesLeft: 0, returnHost: "shop.example" },
    },
    { name: "prompt-branded", model: { ...challenge("webauthn"), brand: BRAND } },
    { name: "prompt-expired", model: { ...prompt, view: "expired" } },
    { name: "prompt-closed-exhausted", model: closed("attempts_exhausted", "shop.example") },
    { name: "prompt-closed-cancelled", model: closed("cancelled") },
    { name: "prompt-closed-help", model: closed("help_requested", "shop.example") },
    { name: "prompt-closed-satisfied", model: closed("satisfied", "shop.example") },
  ];
}

export const RECOVERY_CODES = Array.from({ length: 10 }, (_, index) => `k7qp-2m4x-9fh${index}-w3td`);

function enrolFixtures(frame: Frame): readonly Fixture[] {
  const enrol = { ...frame, page: "enrol" } as const;
  const totp = (problem?: Extract<EnrolModel, { view: "totp" }>["problem"]): EnrolModel => ({
    ...enrol,
    view: "totp",
    totp: {
      key: ["JBSW", "Y3DP", "EHPK", "3PXP", "JBSW", "Y3DP", "EHPK", "3PXP"],
      uri: OTPAUTH_URI,
      qr: qrOf(OTPAUTH_URI),
      digits: 6,
      accountName: "maria@example.com",
    },
    canChooseAgain: true,
    ...(problem && { problem }),
  });
  const passkey = { ...enrol, view: "passkey", passkey: { options: CREATION_OPTIONS }, canChooseAgain: true } as const;
  return [
    { name: "enrol-choose-first", model: { ...enrol, view: "choose", hasAuthenticators: false } },
    { name: "enrol-choose-more", model: { ...enrol, view: "choose", hasAuthenticators: true } },
    { name: "enrol-totp", model: totp() },
    { name: "enrol-totp-wrong", model: totp({ code: "wrong_code", misses: 1 }) },
    { name: "enrol-totp-wrong-again", model: totp({ code: "wrong_code", misses: 2 }) },
    { name: "enrol-totp-clock", model: totp({ code: "clock_skew", minutes: -3 }) },
    { name: "enrol-passkey", model: passkey },
    { name: "enrol-passkey-refused", model: { ...passkey, problem: { code: "passkey_refused" } } },
    {
      name: "enrol-passkey-known",
      model: { ...passkey, canChooseAgain: false, problem: { code: "already_registered" } },
    },
    {
      name: "enrol-recovery-codes",
      model: {
        ...enrol,
        view: "recovery_codes",
        recoveryCodes: { codes: RECOVERY_CODES, createdAt: "2026-11-23T10:00:00Z", serviceName: "Shop" },
      },
    },
    {
      name: "enrol-done-totp",
      model: { ...enrol, view: "done", added: APP, nudge: "passkey", returnHost: "shop.example" },
    },
    { name: "enrol-done-key", model: { ...enrol, view: "done", added: SECURITY_KEY, nudge: "second" } },
    {
      name: "enrol-done-passkey",
      model: { ...enrol, view: "done", added: PHONE, nudge: "none", returnHost: "shop.example" },
    },
    { name: "enrol-make-codes", model: { ...enrol, view: "make_codes" } },
    { name: "enrol-done-codes", model: { ...enrol, view: "done", nudge: "none", returnHost: "shop.example" } },
    { name: "enrol-expired", model: { ...enrol, view: "expired" } },
    { name: "enrol-expired-again", model: { ...enrol, view: "expired", canChooseAgain: true } },
  ];
}

const PHONE: AuthenticatorView = {
  id: "au_phone",
  method: "webauthn",
  label: "My phone",
  provider: "iCloud Keychain",
  createdAt: "2026-08-02T09:12:00Z",
  lastUsedAt: "2026-11-22T18:44:00Z",
  sync: "synced",
};

const SECURITY_KEY: AuthenticatorView = {
  id: "au_key",
  method: "webauthn",
  label: "Key in the drawer",
  provider: "YubiKey 5 Series",
  createdAt: "2026-08-03T09:12:00Z",
  sync: "device_bound",
};

const APP: AuthenticatorView = {
  id: "au_app",
  method: "totp",
  label: "Authenticator app",
  createdAt: "2026-11-01T23:30:00Z",
  lastUsedAt: "2026-11-20T07:01:00Z",
};

/** The complete list that password managers are told. */
export const SIGNAL = {
  rpId: "localhost",
  userHandle: "dXNlci1oYW5kbGU",
  credentialIds: ["Y3JlZGVudGlhbC0x", "Y3JlZGVudGlhbC0y"],
  accountName: "maria@example.com",
};

const OVERVIEW: AccountOverview = {
  authenticators: [PHONE, SECURITY_KEY, APP],
  recoveryCodesLeft: 8,
  activity: [
    { id: "ev_1", at: "2026-11-22T18:44:00Z", kind: "signed_in", method: "webauthn", relyingParty: "Shop" },
    { id: "ev_7", at: "2026-11-21T02:14:00Z", kind: "used_code_refused", method: "totp", relyingParty: "Shop" },
    { id: "ev_2", at: "2026-11-21T02:13:00Z", kind: "sign_in_refused", method: "totp", relyingParty: "Shop" },
    { id: "ev_3", at: "2026-11-20T07:01:00Z", kind: "reset_by_administrator", reason: "Lost phone, seen in person" },
    {
      id: "ev_4",
      at: "2026-11-19T12:00:00Z",
      kind: "recovery_code_used",
      method: "recovery_code",
      relyingParty: "Shop",
    },
  ],
  nudgeSecond: false,
  returnHost: "shop.example",
};

function accountFixtures(frame: Frame): readonly Fixture[] {
  const account = { ...frame, page: "account" } as const;
  const overview = (changes: Partial<AccountOverview>): AccountModel => ({
    ...account,
    view: "overview",
    ...OVERVIEW,
    ...changes,
  });
  const remove = { ...account, view: "remove", authenticator: PHONE, recoveryCodesLeft: 8 } as const;
  return [
    {
      name: "account-step-up",
      model: { ...account, view: "step_up", challenge: challengeView("webauthn"), why: "sign_in" },
    },
    {
      name: "account-step-up-change",
      model: { ...account, view: "step_up", challenge: challengeView("totp"), why: "change" },
    },
    { name: "account-overview", model: overview({ signal: SIGNAL }) },
    {
      name: "account-overview-one",
      model: overview({ authenticators: [PHONE], nudgeSecond: true, recoveryCodesLeft: 2, done: "removed" }),
    },
    {
      name: "account-overview-empty",
      model: { ...account, view: "overview", authenticators: [], activity: [], nudgeSecond: false },
    },
    {
      name: "account-overview-suspicion",
      model: overview({
        suspicion: { at: "2026-11-23T07:12:00Z", cause: "answers_refused", relyingParty: HOSTILE_NAME },
      }),
    },
    {
      name: "account-overview-clone",
      model: overview({
        authenticators: [{ ...SECURITY_KEY, label: HOSTILE_NAME, cloneSuspected: true }],
        done: "reported",
      }),
    },
    { name: "account-remove", model: { ...remove, stillWork: [SECURITY_KEY, APP], lastStrong: false } },
    { name: "account-remove-last", model: { ...remove, stillWork: [], recoveryCodesLeft: 0, lastStrong: true } },
    {
      name: "account-recovery-codes",
      model: {
        ...account,
        view: "recovery_codes",
        recoveryCodes: { codes: RECOVERY_CODES, createdAt: "2026-11-23T10:00:00Z", serviceName: "Shop" },
      },
    },
    { name: "account-signed-out", model: { ...account, view: "signed_out" } },
  ];
}

function plainFixtures({ lang, csrf, host }: Frame): readonly Fixture[] {
  const views: readonly PlainModel["view"][] = [
    "link_expired",
    "session_expired",
    "not_found",
    "bad_request",
    "too_many",
    "unavailable",
  ];
  return views.map((view) => ({
    name: `plain-${view.replaceAll("_", "-")}`,
    model: { lang, csrf, host, page: "plain", view },
  }));
}

/** The QR code as the server sends it: unit squares, four light modules around. */
function qrOf(text: string): Qr {
  const code = generate(text);
  const squares: string[] = [];
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) squares.push(`M${x + 4} ${y + 4}h1v1h-1z`);
  }
  return { size: code.size + 8, path: squares.join("") };
}
