import { OFFERED_METHODS } from "../domain/authenticator.ts";
import { haveDrifted, type SubjectShape, shapesOf } from "../domain/decoy-shape.ts";
import { fromBase64url, toBase64url } from "../domain/encoding.ts";
import type { Deps } from "../ports/deps.ts";
import type { Store, StoredAuthenticator } from "../ports/store.ts";

const SAMPLED = 2_000;
/** As wide as a lookup. */
const PLACE_BYTES = 16;

type Sampled = Pick<StoredAuthenticator, "subjectLookup" | "method" | "credentialId" | "transports">;

/**
 * Lets decoys look like the real subjects of each realm: samples them, and adopts what it found once it has come too far
 * from what decoys look like now. A small realm is seen whole.
 */
export async function refreshDecoys({ store, random }: Pick<Deps, "store" | "random">): Promise<void> {
  for (const realm of await store.realms.list()) {
    const place = toBase64url(random.bytes(PLACE_BYTES));
    const shapes = shapesOf(await sampleFrom(store, realm.id, place));
    if (haveDrifted(realm.decoyShapes, shapes)) await store.atomically([store.realms.setDecoyShapes(realm.id, shapes)]);
  }
}

/** From that place to the end, and on from the start if there is room. */
async function sampleFrom(store: Store, realmId: string, place: string): Promise<readonly SubjectShape[]> {
  const subjects = wholeSubjects(await store.authenticators.sample(realmId, place, SAMPLED));
  if (subjects.isWhole) {
    const start = wholeSubjects(await store.authenticators.sample(realmId, "", SAMPLED));
    for (const [lookup, authenticators] of start.bySubject) subjects.bySubject.set(lookup, authenticators);
  }
  return [...subjects.bySubject.values()].map(shapeOf);
}

/** The subjects of a sample; without the last one when there are more, since it may have been cut off. */
function wholeSubjects(sample: readonly Sampled[]) {
  const bySubject = Map.groupBy(sample, ({ subjectLookup }) => subjectLookup);
  const isWhole = sample.length < SAMPLED;
  if (!isWhole) bySubject.delete(sample.at(-1)?.subjectLookup ?? "");
  return { bySubject, isWhole };
}

function shapeOf(authenticators: readonly Sampled[]): SubjectShape {
  const present = new Set(authenticators.map(({ method }) => method));
  return {
    methods: OFFERED_METHODS.filter((method) => present.has(method)),
    credentials: authenticators.filter(({ method }) => method === "webauthn").map(credentialShape),
  };
}

function credentialShape({ credentialId, transports }: Sampled) {
  return {
    length: fromBase64url(credentialId ?? "")?.length ?? 0,
    // Written by us as a JSON array of strings.
    transports: JSON.parse(transports ?? "[]") as string[],
  };
}
