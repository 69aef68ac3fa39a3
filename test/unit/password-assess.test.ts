import { dictionary } from "@zxcvbn-ts/language-common";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { DEFAULT_POLICY } from "../../src/domain/realm.ts";
import { ADVICE_TEXTS } from "../../src/password/advice-texts.ts";
import { type AssessPasswordInput, assessPassword, type PasswordAssessment } from "../../src/password/assess.ts";
import { createInProcessEstimator } from "../../src/password/in-process-estimator.ts";
import { MAX_PASSWORD_LENGTH, normalisePassword } from "../../src/password/password-text.ts";
import type { BreachIndex, BreachReport } from "../../src/ports/breach-index.ts";
import { type PasswordEstimator, PasswordEstimatorError } from "../../src/ports/password-estimator.ts";
import nist from "../vectors/password-policy-nist.json" with { type: "json" };
import scores from "../vectors/zxcvbn-scores.json" with { type: "json" };

const estimator = createInProcessEstimator();
type LookUp = Pick<BreachIndex, "lookUp">;
const unlisted: LookUp = { lookUp: async () => ({ status: "unavailable" }) };
const POLICY = DEFAULT_POLICY.password;
const STRONG = "gravel-otter-lantern-mosaic-7";

function assess(
  password: string,
  input: Partial<AssessPasswordInput> = {},
  breaches = unlisted,
): Promise<PasswordAssessment> {
  return assessPassword(
    { estimator, breaches },
    { password, context: [], use: "single_factor", language: "en", policy: POLICY, ...input },
  );
}

function answering(report: BreachReport): LookUp & { asked: string[] } {
  const asked: string[] = [];
  const lookUp = async (sha1Hex: string) => {
    asked.push(sha1Hex);
    return report;
  };
  return { asked, lookUp };
}

describe("length", () => {
  const measured = nist.cases.filter((edge) => edge.singleFactor !== undefined);

  test.each(measured)("$codePoints code points as the only factor: $singleFactor", async ({ input, singleFactor }) => {
    const { violations } = await assess(input);
    expect(violations.includes("too_short")).toBe(singleFactor?.startsWith("too-short"));
    expect(violations).not.toContain("too_long");
  });

  test.each(measured.filter((edge) => edge.withMfa !== undefined))(
    "$codePoints code points with a second factor: $withMfa",
    async ({ input, withMfa }) => {
      const { violations } = await assess(input, { use: "with_second_factor" });
      expect(violations.includes("too_short")).toBe(withMfa === "too-short");
    },
  );

  it("counts eight emoji as eight, and seven as seven", async () => {
    const use = "with_second_factor";
    expect((await assess("😀🔑🐴🔋📎🌋🎈🧭", { use })).violations).not.toContain("too_short");
    expect((await assess("😀🔑🐴🔋📎🌋🎈", { use })).violations).toContain("too_short");
  });

  it("accepts 256 code points and refuses 257, whichever form they come in", async () => {
    const long = `${STRONG} ${"🐴".repeat(MAX_PASSWORD_LENGTH)}`;
    const exact = [...long].slice(0, MAX_PASSWORD_LENGTH).join("");
    expect((await assess(exact)).acceptable).toBe(true);
    expect((await assess(`${exact}x`)).violations).toEqual(["too_long"]);
    expect((await assess("e\u0301".repeat(MAX_PASSWORD_LENGTH))).violations).not.toContain("too_long");
  });

  it("refuses 100 kB without handing it to the estimator or the breach index", async () => {
    const untouchable = () => Promise.reject(new Error("was asked"));
    const deps = { estimator: { estimate: untouchable }, breaches: { lookUp: untouchable } };
    const input = { context: [], use: "single_factor", language: "en", policy: POLICY } as const;
    const { acceptable, violations } = await assessPassword(deps, { ...input, password: "a\u0301".repeat(50_000) });
    expect({ acceptable, violations }).toEqual({ acceptable: false, violations: ["too_long"] });
  });
});

describe("text", () => {
  test.each(nist.nfcPairs)("$why: $expect", ({ set, verify, expect: verdict }) => {
    expect(normalisePassword(set) === normalisePassword(verify)).toBe(verdict === "accept");
  });

  it("treats composed and decomposed spellings alike", async () => {
    const composed = "pässwörd-länger-als-15".normalize("NFC");
    const breaches = answering({ status: "clear" });
    expect(await assess(composed.normalize("NFD"), {}, breaches)).toEqual(await assess(composed, {}, breaches));
    expect(new Set(breaches.asked).size).toBe(1);
  });

  test.each(nist.truncation)(
    "two passwords that differ only at the end are looked up apart",
    async ({ set, verify }) => {
      const breaches = answering({ status: "clear" });
      await assess(set, {}, breaches);
      await assess(verify, {}, breaches);
      expect(new Set(breaches.asked).size).toBe(2);
    },
  );

  it("neither trims spaces nor stops at NUL", async () => {
    const breaches = answering({ status: "clear" });
    for (const { input } of nist.cases.slice(-3)) {
      expect((await assess(input, {}, breaches)).violations).not.toContain("too_short");
      await assess(input.trim().split("\u0000")[0] ?? "", {}, breaches);
    }
    expect(new Set(breaches.asked).size).toBe(6);
  });

  it("refuses a lone surrogate, which no UTF-8 can carry", async () => {
    expect((await assess(`${STRONG}\uD83D`)).violations).toEqual(["not_text"]);
  });
});

describe("no composition rules", () => {
  test.each(["plumharborsixlantern", STRONG, "ѣхалъ грека черезъ рѣку", "  spaces around  "])(
    "%s is acceptable",
    async (password) => {
      expect((await assess(password)).violations).toEqual([]);
    },
  );
});

describe("what everybody tries first", () => {
  test.each(scores.policyTraps.filter(({ password }) => password !== STRONG))(
    "$password is refused: $why",
    async ({ password }) => {
      const { acceptable, violations, feedback } = await assess(password, { use: "with_second_factor" });
      expect({ acceptable, reasons: violations.length > 0 }).toEqual({ acceptable: false, reasons: true });
      expect(feedback.warning).not.toBeNull();
    },
  );

  it("refuses each of the 3,000 most common passwords that are long enough, with a reason", async () => {
    const long = dictionary["passwords-common"].filter((password) => password.length >= 8).slice(0, 3_000);
    for (const password of long) {
      const { violations, feedback } = await assess(password, { use: "with_second_factor" });
      expect(violations).toContain("common_password");
      expect(feedback.warning).not.toBeNull();
    }
  });

  test.each([
    "пароль123",
    "ПАРОЛЬ-2026",
    "Contraseña!!",
    "パスワード12345678",
    "correct horse battery staple ",
    "Tr0ub4dor&3",
  ])("%s is refused as common", async (password) => {
    expect((await assess(password)).violations).toContain("common_password");
  });

  it("refuses what takes fewer guesses than the policy asks for, and says why", async () => {
    const { violations, feedback } = await assess("qwertyuiopasdfgh");
    expect(violations).toContain("too_guessable");
    expect(feedback.warning).toBe("This is similar to a commonly used password.");
    expect((await assess("plumharborsixlantern", { policy: { ...POLICY, minGuessesLog10: 40 } })).violations).toEqual([
      "too_guessable",
    ]);
  });
});

describe("what is expected of this person", () => {
  const context = ["ann.smith+shop@mail.example", "Żółw Games"];

  test.each([
    ["Countersign2026!", "the service"],
    ["ngisretnuoC-2026", "the service, backwards"],
    ["C0unt3r$ign!!2026", "the service in look-alikes"],
    ["Ann.Smith-19900401", "the local part"],
    ["smithsmithsmith1", "a part, repeated"],
    ["ann.smith+shop@mail.example", "the whole address"],
    ["Zolw_Games_2026", "another string without its accents"],
  ])("%s is refused: %s", async (password) => {
    const { violations, feedback } = await assess(password, { context });
    expect(violations).toContain("context_word");
    expect(feedback.warning).toContain("expect of you");
  });

  it("compares the whole password, so a name among other words is fine", async () => {
    expect((await assess("gravel-smith-lantern-countersign-7", { context })).violations).toEqual([]);
  });

  it("refuses the realm's banned words with simple changes", async () => {
    const policy = { ...POLICY, bannedWords: ["Wunderkammer"] };
    expect((await assess("wund3rk4mm3r-2026", { policy })).violations).toContain("banned_word");
    expect((await assess("wund3rk4mm3r-2026")).violations).not.toContain("banned_word");
  });

  it("survives more context than anybody has", async () => {
    const much = Array.from({ length: 1_000 }, (_, index) => `${index} ${"word ".repeat(1_000)}`);
    expect((await assess(STRONG, { context: much })).acceptable).toBe(true);
  });
});

describe("advice", () => {
  test.each([
    ["en", "This password is too short.", "Use at least 15 characters, for example several random words."],
    ["de", "Dieses Passwort ist zu kurz.", "Nehmen Sie mindestens 15 Zeichen, zum Beispiel mehrere zufällige Wörter."],
    ["fr", "Ce mot de passe est trop court.", "Utilisez au moins 15 caractères, par exemple plusieurs mots au hasard."],
    ["es", "Esta contraseña es demasiado corta.", "Use al menos 15 caracteres, por ejemplo varias palabras al azar."],
    ["it", "Questa password è troppo corta.", "Usi almeno 15 caratteri, per esempio più parole a caso."],
  ] as const)("%s: a reason and one sentence of advice", async (language, warning, advice) => {
    const { feedback } = await assess("k7#vQ2!mX9", { language });
    expect(feedback).toMatchObject({ warning, advice });
    expect((await assess(STRONG, { language })).feedback.advice).toBeNull();
  });

  it("is there for every violation in every language, and names the length that counts", () => {
    for (const texts of Object.values(ADVICE_TEXTS)) {
      expect(Object.keys(texts)).toEqual(Object.keys(ADVICE_TEXTS.en));
      for (const { reason, advice } of Object.values(texts))
        for (const text of [reason, advice]) expect(text).toMatch(/\.$/);
      expect(texts.too_short.advice).toContain("{count}");
      expect(texts.too_long.reason).toContain("{count}");
    }
  });
});

describe("breaches", () => {
  it("refuses from the count that the policy names, and whenever the count is not known", async () => {
    const policy = { ...POLICY, breachedFrom: 10 };
    expect((await assess(STRONG, { policy }, answering({ status: "found", count: 9 }))).acceptable).toBe(true);
    expect((await assess(STRONG, { policy }, answering({ status: "found", count: 10 }))).acceptable).toBe(false);
    expect((await assess(STRONG, { policy }, answering({ status: "found" }))).acceptable).toBe(false);
  });

  it("refuses a password found in a breach and passes the count on", async () => {
    const { violations, breach } = await assess(STRONG, {}, answering({ status: "found", count: 37 }));
    expect(violations).toEqual(["breached"]);
    expect(breach).toEqual({ status: "found", count: 37 });
  });

  it("asks by the upper-case SHA-1 and nothing else", async () => {
    const breaches = answering({ status: "clear" });
    await assess("password", {}, breaches);
    expect(breaches.asked).toEqual(["5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8"]);
  });

  it("says so when the breach check had no answer, and still refuses what is common", async () => {
    expect(await assess(STRONG)).toMatchObject({ acceptable: true, breach: { status: "unavailable" } });
    expect((await assess("password1234567")).acceptable).toBe(false);
  });
});

describe("an assessment", () => {
  it("is well formed for any text, and acceptable exactly when there are no violations", async () => {
    const texts = fc.string({ unit: "binary", maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(texts, fc.array(texts, { maxLength: 3 }), async (password, context) => {
        const { acceptable, violations, score } = await assess(password, { context });
        expect(acceptable).toBe(violations.length === 0);
        expect(new Set(violations).size).toBe(violations.length);
        expect(score).toBeLessThanOrEqual(4);
      }),
      { numRuns: 100 },
    );
  });

  it("never repeats the password", async () => {
    for (const password of ["Zq7-Countersign", "password-Zq7-Zq7", "Zq7\uD800", "Zq7".repeat(200)]) {
      expect(JSON.stringify(await assess(password, { context: [password] }))).not.toContain("Zq7");
    }
  });

  it("fails with an outage, not a verdict, when the estimator is out", async () => {
    const out: PasswordEstimator = { estimate: () => Promise.reject(new PasswordEstimatorError("busy")) };
    const input = { password: STRONG, context: [], use: "single_factor", language: "en", policy: POLICY } as const;
    await expect(assessPassword({ estimator: out, breaches: unlisted }, input)).rejects.toThrow(PasswordEstimatorError);
  });
});
