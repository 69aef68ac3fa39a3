/** The store's port: what the scan alarm counts by. */
import type { Write } from "./write.ts";

export type Sighting = Readonly<{
  keyId: string;
  subjectLookup: string;
  isKnown: boolean;
  nowMs: number;
  sinceMs: number;
}>;

export type SightVerbs = Readonly<{
  /** Notes that a key asked about a subject. Guard: it did not so after `sinceMs`. */
  add: (sighting: Sighting) => Promise<boolean>;
  /** Forgets a subject, who is known now, and answers which keys had asked when it was not. */
  forget: (subjectLookup: string) => Promise<readonly string[]>;
  purge: (beforeMs: number) => Write;
}>;

/** First sights of unknown subjects by anybody, by slots of time: whole numbers that count up. */
export type UnknownTallyVerbs = Readonly<{
  /** Adds to a slot and answers its sum. */
  add: (slot: number, count: number) => Promise<number>;
  /** The sum of the slots from one to another, both included. */
  sum: (from: number, to: number) => Promise<number>;
  /** Claims the alarm of a period. Guard: nobody has. */
  claimAlarm: (period: number) => Promise<boolean>;
  /** Forgets the slots before one, and the alarms of the periods before one. */
  purge: (beforeSlot: number, beforePeriod: number) => readonly Write[];
}>;
