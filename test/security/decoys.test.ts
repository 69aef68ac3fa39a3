import { expect, test } from "vitest";
import { toBase64url } from "../../src/domain/encoding.ts";
import { refreshDecoys } from "../../src/flows/refresh-decoys.ts";
import { lookupOf } from "../../src/flows/subject.ts";
import { openChallenge } from "../support/enrol.ts";
import type { Answer, TestService } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

const SUBJECTS = 600;
/** Realms are read again after five seconds. */
const READ_AGAIN_MS = 6_000;

/** People as no default would assume them: most have one NFC key with ids of 48 bytes, some two, the rest an app. */
function passkeysOf(index: number): readonly Readonly<{ length: number; transports: readonly string[] }>[] {
  const key = { length: 48, transports: ["nfc", "usb"] };
  if (index % 10 < 6) return [key];
  return index % 10 < 7 ? [key, { length: 16, transports: ["hybrid", "internal"] }] : [];
}

/** Somebody with these authenticators, active, in the store as an enrolment leaves them. */
async function enrol({ deps }: TestService, subjectLookup: string, index: number): Promise<void> {
  const { store } = deps;
  const row = (method: "totp" | "webauthn", number: number) => ({
    id: `au_${index}_${number}`,
    realmId: "default",
    subjectLookup,
    method,
    label: "",
    createdBy: "rp_shop",
    createdAtMs: number,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    attemptsLeft: 1,
    accountName: null,
  });
  const passkeys = passkeysOf(index);
  for (const [number, { length, transports }] of passkeys.entries()) {
    const pending = row("webauthn", number);
    await store.atomically([store.authenticators.insertPending(pending)]);
    const credential = { publicKey: "", signCount: 0, backupEligible: false, backupState: false };
    const more = { hardwareAttested: false, aaguid: "", credentialId: toBase64url(deps.random.bytes(length)) };
    await store.authenticators.activateWebauthn(pending.id, { ...credential, ...more, transports }, "", 0);
  }
  if (passkeys.length === 0) {
    const pending = row("totp", 0);
    await store.atomically([store.authenticators.insertPending(pending)]);
    await store.authenticators.activateTotp(pending.id, { step: 1, label: "", stepsInBudget: false }, 0);
  }
  const set = { realmId: "default", subjectLookup, createdBy: "rp_shop", nowMs: 0 };
  await store.authenticators.claimRecoverySet(`au_${index}_codes`, set);
}

/** Everything in an opened challenge that is not random. */
function looksOf(opened: Answer): string {
  const { methods, webauthn } = JSON.parse(opened.text);
  const allowed: readonly { id: string; transports: unknown }[] = webauthn?.options.allowCredentials ?? [];
  return JSON.stringify([
    methods,
    allowed.map(({ id, transports }) => [Buffer.from(id, "base64url").length, transports]),
  ]);
}

/** The area under the curve of the best guess that the looks of the first half allow, over the second half. */
function areaUnderCurve(real: readonly string[], strangers: readonly string[]): number {
  const half = (all: readonly string[]) => all.slice(0, all.length / 2);
  const scores = new Map<string, number>();
  for (const looks of half(real)) scores.set(looks, (scores.get(looks) ?? 0) + 1);
  for (const looks of half(strangers)) scores.set(looks, (scores.get(looks) ?? 0) - 1);
  const [positive, negative] = [real, strangers].map((all) =>
    all.slice(all.length / 2).map((one) => scores.get(one) ?? 0),
  );
  let won = 0;
  for (const one of positive ?? []) {
    for (const other of negative ?? []) won += one > other ? 1 : one === other ? 0.5 : 0;
  }
  return won / ((positive?.length ?? 0) * (negative?.length ?? 0));
}

test("strangers' challenges cannot be told from real ones by how they look, whatever the population is like", async () => {
  const { service, rp } = use;
  const { deps } = service;
  for (let index = 0; index < SUBJECTS; index++) {
    await enrol(service, lookupOf(deps.keyring, "default", `real-${index}`), index);
  }
  const looks = async (name: string) => {
    const seen: string[] = [];
    for (let index = 0; index < SUBJECTS; index++) seen.push(looksOf(await openChallenge(rp, `${name}-${index}`)));
    return seen;
  };
  const real = await looks("real");
  expect(areaUnderCurve(real, await looks("stranger"))).toBeGreaterThan(0.7);
  await refreshDecoys(deps);
  service.clock.advance(READ_AGAIN_MS);
  const strangers = await looks("stranger");
  expect(areaUnderCurve(real, strangers)).toBeLessThan(0.55);
  expect(areaUnderCurve(real, strangers)).toBeGreaterThan(0.45);
  expect(await looks("stranger")).toEqual(strangers);
  await refreshDecoys(deps);
  service.clock.advance(READ_AGAIN_MS);
  expect(await looks("stranger")).toEqual(strangers);
}, 120_000);
