import { describe, expect, it } from "vitest";
import {
  fresh,
  MINUTE,
  NOW,
  openChallenge,
  race,
  type StoreUnderTest,
  satisfiedChallenge,
  winners,
} from "../fixtures.ts";

export function describeProofs(store: StoreUnderTest): void {
  describe("proofs and redemption", () => {
    describeProof(store);
    describeRedeem(store);

    it("being a proof and being redeemed are spent apart", async () => {
      const challenge = await satisfiedChallenge(store);
      expect(await store().challenges.redeem(challenge.id, challenge.rpId, NOW, NOW + 1)).toBeDefined();
      expect(await store().challenges.spendProof(challenge.id, proof(challenge))).toMatchObject({
        redeemedAtMs: NOW + 1,
        proofSpentAtMs: NOW + MINUTE,
      });
    });
  });
}

type Opened = Awaited<ReturnType<typeof openChallenge>>;

function proof({ rpId, subjectLookup, purpose }: Opened) {
  return { rpId, subjectLookup, purpose, sinceMs: NOW, nowMs: NOW + MINUTE };
}

function describeProof(store: StoreUnderTest): void {
  it("a satisfied challenge proves one change under sixty parallel tries", async () => {
    const challenge = await satisfiedChallenge(store);
    const spent = await race(() => store().challenges.spendProof(challenge.id, proof(challenge)));
    expect(winners(spent)).toBe(1);
  });

  it("a proof tells what satisfied it", async () => {
    const challenge = await satisfiedChallenge(store);
    expect(await store().challenges.spendProof(challenge.id, proof(challenge))).toMatchObject({
      id: challenge.id,
      status: "satisfied",
      acr: "urn:countersign:acr:otp",
      amr: ["mfa", "otp", "pwd"],
      proofSpentAtMs: NOW + MINUTE,
    });
  });

  it.each([
    ["another relying party", { rpId: "rp_other" }],
    ["another subject", { subjectLookup: "somebody-else" }],
    ["another purpose", { purpose: "account:delete" }],
    ["a change that wants a younger proof", { sinceMs: NOW + 1 }],
  ])("a proof does not serve %s, and stays unspent", async (_, other) => {
    const challenge = await satisfiedChallenge(store);
    expect(await store().challenges.spendProof(challenge.id, { ...proof(challenge), ...other })).toBeUndefined();
    expect(await store().challenges.spendProof(challenge.id, proof(challenge))).toBeDefined();
  });

  it("a pending, denied or unknown challenge proves nothing", async () => {
    const [pending, denied] = [await openChallenge(store), await openChallenge(store)];
    await store().challenges.deny(denied.id, NOW);
    expect(await store().challenges.spendProof(pending.id, proof(pending))).toBeUndefined();
    expect(await store().challenges.spendProof(denied.id, proof(denied))).toBeUndefined();
    expect(await store().challenges.spendProof(fresh("ch"), proof(pending))).toBeUndefined();
  });
}

function describeRedeem(store: StoreUnderTest): void {
  it("a satisfied challenge is redeemed once under sixty parallel tries", async () => {
    const { id, rpId } = await satisfiedChallenge(store);
    expect(winners(await race(() => store().challenges.redeem(id, rpId, NOW, NOW + 1)))).toBe(1);
  });

  it("another relying party does not redeem a challenge", async () => {
    const { id, rpId } = await satisfiedChallenge(store);
    expect(await store().challenges.redeem(id, "rp_other", NOW, NOW)).toBeUndefined();
    expect(await store().challenges.redeem(id, rpId, NOW, NOW)).toBeDefined();
  });

  it("a challenge satisfied too long ago is not redeemed", async () => {
    const { id, rpId } = await satisfiedChallenge(store);
    expect(await store().challenges.redeem(id, rpId, NOW + 1, NOW + 1)).toBeUndefined();
    expect(await store().challenges.redeem(id, rpId, NOW, NOW + 1)).toMatchObject({ redeemedAtMs: NOW + 1 });
  });

  it("a pending, denied or unknown challenge is not redeemed", async () => {
    const [pending, denied] = [await openChallenge(store), await openChallenge(store)];
    await store().challenges.deny(denied.id, NOW);
    for (const id of [pending.id, denied.id, fresh("ch")]) {
      expect(await store().challenges.redeem(id, "rp_shop", 0, NOW)).toBeUndefined();
    }
  });
}
