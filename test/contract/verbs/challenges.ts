import { describe, expect, it } from "vitest";
import {
  fresh,
  MINUTE,
  NOW,
  openChallenge,
  race,
  SATISFACTION,
  type StoreUnderTest,
  satisfiedChallenge,
  winners,
  write,
} from "../fixtures.ts";

const EXPIRY = NOW + 5 * MINUTE;

export function describeChallenges(store: StoreUnderTest): void {
  describe("challenges", () => {
    it("a challenge is found by its own relying party only", async () => {
      const challenge = await openChallenge(store, { requiredAcr: "phr" });
      expect(await store().challenges.find(challenge.id, challenge.rpId)).toMatchObject({
        ...challenge,
        status: "pending",
        satisfiedAtMs: null,
        amr: null,
        userVerified: null,
      });
      expect(await store().challenges.find(challenge.id, "rp_other")).toBeUndefined();
      expect(await store().challenges.find(fresh("ch"), challenge.rpId)).toBeUndefined();
    });

    describeAttempts(store);
    describeSatisfying(store);

    it("an expired challenge is opened again once under sixty parallel tries, by its own relying party only", async () => {
      const { id, rpId, expiresAtMs } = await openChallenge(store);
      const anew = { webauthnChallenge: "another", attemptsLeft: 3, expiresAtMs: expiresAtMs + MINUTE };
      expect(await store().challenges.renew(id, rpId, anew, expiresAtMs - 1)).toBeUndefined();
      expect(await store().challenges.renew(id, "rp_other", anew, expiresAtMs)).toBeUndefined();
      const renewals = await race(
        async () => (await store().challenges.renew(id, rpId, anew, expiresAtMs)) !== undefined,
      );
      expect(winners(renewals)).toBe(1);
      expect(await store().challenges.find(id, rpId)).toMatchObject({ ...anew, status: "pending" });
    });

    it("a satisfied, denied or exhausted challenge is not opened again", async () => {
      const [satisfied, denied] = [await satisfiedChallenge(store), await openChallenge(store)];
      const exhausted = await openChallenge(store, { attemptsLeft: 1 });
      await store().challenges.deny(denied.id, NOW);
      await store().challenges.takeAttempt(exhausted.id, exhausted.rpId, NOW);
      const anew = { webauthnChallenge: "another", attemptsLeft: 3, expiresAtMs: NOW + 60 * MINUTE };
      for (const { id, rpId } of [satisfied, denied, exhausted]) {
        expect(await store().challenges.renew(id, rpId, anew, NOW + 30 * MINUTE)).toBeUndefined();
      }
    });

    it("a challenge is denied once under sixty parallel tries", async () => {
      const { id, rpId } = await openChallenge(store);
      expect(winners(await race(() => store().challenges.deny(id, NOW)))).toBe(1);
      expect((await store().challenges.find(id, rpId))?.status).toBe("denied");
    });

    it("an answer and a denial at once have one winner", async () => {
      const { id, rpId } = await openChallenge(store);
      const { satisfy, deny } = store().challenges;
      const results = await race((racer) => (racer % 2 ? satisfy(id, SATISFACTION, NOW) : deny(id, NOW)));
      expect(winners(results)).toBe(1);
      const winner = results.indexOf(true);
      expect((await store().challenges.find(id, rpId))?.status).toBe(winner % 2 ? "satisfied" : "denied");
    });

    it("a satisfied or unknown challenge is not denied", async () => {
      const { id, rpId } = await satisfiedChallenge(store);
      expect(await store().challenges.deny(id, NOW)).toBe(false);
      expect(await store().challenges.deny(fresh("ch"), NOW)).toBe(false);
      expect((await store().challenges.find(id, rpId))?.status).toBe("satisfied");
    });

    it("purging takes challenges that expired before a moment, and no others", async () => {
      const [early, late] = [await openChallenge(store, { expiresAtMs: NOW - 101 }), await openChallenge(store)];
      const onTime = await openChallenge(store, { expiresAtMs: NOW - 100 });
      await write(store, store().challenges.purge(NOW - 100));
      const found = [early, onTime, late].map((challenge) => store().challenges.find(challenge.id, challenge.rpId));
      expect((await Promise.all(found)).map((challenge) => challenge !== undefined)).toEqual([false, true, true]);
    });
  });
}

function describeAttempts(store: StoreUnderTest): void {
  it("sixty parallel tries take exactly the attempts a challenge has", async () => {
    const { id, rpId } = await openChallenge(store, { attemptsLeft: 5 });
    const taken = await race(() => store().challenges.takeAttempt(id, rpId, NOW));
    expect(winners(taken)).toBe(5);
    expect(taken.flatMap((after) => after?.attemptsLeft ?? []).sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it("an attempt is taken by the challenge's own relying party only", async () => {
    const { id, rpId } = await openChallenge(store);
    expect(await store().challenges.takeAttempt(id, "rp_other", NOW)).toBeUndefined();
    expect((await store().challenges.find(id, rpId))?.attemptsLeft).toBe(3);
  });

  it("an attempt is taken until the millisecond before the challenge expires", async () => {
    const challenge = await openChallenge(store);
    const { takeAttempt } = store().challenges;
    expect(await takeAttempt(challenge.id, challenge.rpId, EXPIRY)).toBeUndefined();
    expect(await takeAttempt(challenge.id, challenge.rpId, EXPIRY - 1)).toMatchObject({
      ...challenge,
      attemptsLeft: 2,
    });
  });

  it("no attempt is taken of a satisfied, denied or unknown challenge", async () => {
    const [satisfied, denied] = [await satisfiedChallenge(store), await openChallenge(store)];
    await store().challenges.deny(denied.id, NOW);
    for (const id of [satisfied.id, denied.id, fresh("ch")]) {
      expect(await store().challenges.takeAttempt(id, "rp_shop", NOW)).toBeUndefined();
    }
  });
}

function describeSatisfying(store: StoreUnderTest): void {
  it("a challenge is satisfied once under sixty parallel tries", async () => {
    const { id, rpId } = await openChallenge(store);
    const results = await race((racer) =>
      store().challenges.satisfy(id, { ...SATISFACTION, authenticatorId: `au_${racer}` }, NOW + racer),
    );
    expect(winners(results)).toBe(1);
    const winner = results.indexOf(true);
    expect(await store().challenges.find(id, rpId)).toMatchObject({
      ...SATISFACTION,
      status: "satisfied",
      authenticatorId: `au_${winner}`,
      satisfiedAtMs: NOW + winner,
    });
  });

  it("a challenge is satisfied until the millisecond before it expires", async () => {
    const { id, rpId } = await openChallenge(store);
    expect(await store().challenges.satisfy(id, SATISFACTION, EXPIRY)).toBe(false);
    expect(await store().challenges.satisfy(id, { ...SATISFACTION, userVerified: true, amr: [] }, EXPIRY - 1)).toBe(
      true,
    );
    expect(await store().challenges.find(id, rpId)).toMatchObject({ userVerified: true, amr: [] });
  });

  it("one that is satisfied and redeemed at once has nothing left to redeem", async () => {
    const [now, later] = [await openChallenge(store), await openChallenge(store)];
    await store().challenges.satisfy(now.id, { ...SATISFACTION, redeemed: true }, NOW);
    await store().challenges.satisfy(later.id, SATISFACTION, NOW);
    expect(await store().challenges.redeem(now.id, now.rpId, NOW, NOW)).toBeUndefined();
    expect(await store().challenges.redeem(later.id, later.rpId, NOW, NOW)).toBeDefined();
  });

  it("a denied or unknown challenge is not satisfied", async () => {
    const { id, rpId } = await openChallenge(store);
    await store().challenges.deny(id, NOW);
    expect(await store().challenges.satisfy(id, SATISFACTION, NOW)).toBe(false);
    expect(await store().challenges.satisfy(fresh("ch"), SATISFACTION, NOW)).toBe(false);
    expect((await store().challenges.find(id, rpId))?.status).toBe("denied");
  });
}
