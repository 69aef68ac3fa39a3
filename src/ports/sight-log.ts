/** One subject that a key has asked about, as the answer's path leaves it behind. */
export type Sight = Readonly<{
  keyId: string;
  rpId: string;
  realmId: string;
  subjectLookup: string;
  /** An authenticator of theirs was found on the way; else it is still to be found out whether there is one. */
  isKnown: boolean;
  atMs: number;
  requestId: string;
}>;

/**
 * Where answers leave whom they were about, to be counted once they have gone: noting is the same work for known and
 * unknown subjects. What is noted and not counted yet ends with the process.
 */
export type SightLog = Readonly<{
  note: (sight: Sight) => void;
  /** Counts a first sight of an unknown subject towards the sudden rise of all. */
  noteFirst: () => void;
  /** Hands over what was noted since, and forgets it. */
  drain: () => Readonly<{ sights: readonly Sight[]; firsts: number }>;
}>;
