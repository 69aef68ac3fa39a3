import { type Api, type Json, textIn } from "./api.ts";
import type { Question } from "./connection.ts";
import { looksOf } from "./looks.ts";
import { optionsIn, type People, type State } from "./people.ts";
import { createPasskey } from "./software-passkey.ts";

/** Subjects of one kind, and the next question about one of them. */
export type Group = Readonly<{ name: string; next: () => Promise<Question> }>;

/** A question that must not tell its groups apart. */
export type Case = Readonly<{ name: string; make: MakeGroups }>;

export type CaseTerms = Readonly<{ api: Api; people: People; origin: string; samples: number }>;

/**
 * Makes the subjects and what else a case needs, the group of those that nobody has heard of first; undefined when they
 * cannot be compared on this server.
 */
export type MakeGroups = (terms: CaseTerms) => Promise<readonly Group[] | undefined>;

/** Subjects that are asked about again and again. */
const POOL = 8;
/** Wrong answers that a subject takes in a lane before the first wait. */
const FREE_GUESSES = 4;
const LANES = [false, true];
/** Answers that are refused at once while a subject waits: the wait is longer than they take. */
const ANSWERS_A_WAIT = 20;
const ATTEMPTS_A_CHALLENGE = 10;
const MOST_STRANGERS = 600;
const NO_CHALLENGE = `ch_${"0".repeat(26)}`;
const NO_AUTHENTICATOR = `au_${"0".repeat(26)}`;
const NO_CODE = "0000-0000-0000-0000-0000-0000";

export const CASES: readonly Case[] = [
  { name: "open a challenge, app", make: openedFor("app") },
  { name: "open a challenge, passkey", make: openedFor("passkey") },
  { name: "verify, wrong code", make: wrongAnswer({ totp: "000000" }) },
  { name: "verify, wrong recovery code", make: wrongAnswer({ recovery_code: NO_CODE }) },
  { name: "verify, while waiting", make: waiting },
  { name: "verify, wrong passkey", make: wrongPasskey },
  {
    name: "revoke without proof",
    make: again("/v1/authenticators/revoke", { proof: NO_CHALLENGE, authenticator: NO_AUTHENTICATOR }),
  },
  { name: "renew codes without proof", make: again("/v1/recovery-codes/regenerate", { proof: NO_CHALLENGE }) },
  {
    name: "rename what is not there",
    make: again("/v1/authenticators/rename", { authenticator: NO_AUTHENTICATOR, label: "x" }),
  },
  { name: "erase without proof", make: again("/v1/subjects/delete", { proof: NO_CHALLENGE }) },
  { name: "link to the account", make: again("/v1/links", { page: "account" }) },
];

/** The same question about a few subjects of each state, over and over. */
function again(path: string, body: Json): MakeGroups {
  return async ({ api, people }) => {
    const group = async (state: State): Promise<Group> => {
      const next = inTurn(await people.make(state, POOL));
      return { name: state, next: async () => api.question(path, { subject: next(), ...body }) };
    };
    return [await group("unknown"), await group("app"), await group("passkey"), await group("erased")];
  };
}

/** Opening a challenge shows methods and passkeys, real or decoy. */
function openedFor(state: "app" | "passkey"): MakeGroups {
  return async ({ api, people }) => {
    const alike = await lookAlikes({ api, people }, state);
    if (alike === undefined) return undefined;
    const group = (name: string, subjects: readonly string[]): Group => {
      const next = inTurn(subjects);
      return { name, next: async () => opening(api, next()) };
    };
    return [group("unknown", alike.strangers), group(state, alike.known)];
  };
}

type LookAlikes = Readonly<{ strangers: readonly string[]; known: readonly string[] }>;

/** Subjects of a state, and as many that nobody has heard of whose challenges look like theirs. */
async function lookAlikes(
  { api, people }: Pick<CaseTerms, "api" | "people">,
  state: "app" | "passkey",
): Promise<LookAlikes | undefined> {
  const known = await people.make(state, POOL);
  const looks = looksOf(await api.ask(opening(api, known[0] ?? "")));
  const strangers: string[] = [];
  for (let tried = 0; tried < MOST_STRANGERS && strangers.length < POOL; tried++) {
    const [stranger = ""] = await people.make("unknown", 1);
    if (looksOf(await api.ask(opening(api, stranger))) === looks) strangers.push(stranger);
  }
  return strangers.length < POOL ? undefined : { strangers, known };
}

function opening(api: Api, subject: string): Question {
  return api.question("/v1/challenges", { subject });
}

/** Each subject takes a few wrong answers in each lane before it has to wait, and then has had its turn. */
function wrongAnswer(answer: Json): MakeGroups {
  return async ({ api, people, samples }) => {
    const turns = FREE_GUESSES * LANES.length;
    const group = async (state: State): Promise<Group> => {
      const subjects = await people.make(state, Math.ceil(samples / turns));
      let asked = 0;
      return {
        name: state,
        next: async () => {
          const subject = subjects[Math.floor(asked / turns)] ?? "";
          const first_factor = LANES[asked++ % LANES.length] ?? false;
          return api.question("/v1/verify", { subject, first_factor, ...answer });
        },
      };
    };
    const states: readonly State[] = ["unknown", "app", "passkey", "several", "erased"];
    const groups: Group[] = [];
    for (const state of states) groups.push(await group(state));
    return groups;
  };
}

/** While they wait after too many wrong answers. */
async function waiting({ api, people, samples }: CaseTerms): Promise<readonly Group[]> {
  const question = (subject: string) => api.question("/v1/verify", { subject, totp: "000000" });
  const group = async (state: State): Promise<Group> => {
    const subjects = await people.make(state, Math.ceil(samples / ANSWERS_A_WAIT));
    let asked = 0;
    return {
      name: state,
      next: async () => {
        const subject = subjects[Math.floor(asked / ANSWERS_A_WAIT)] ?? "";
        if (asked++ % ANSWERS_A_WAIT === 0) {
          for (let guess = 0; guess <= FREE_GUESSES; guess++) await api.ask(question(subject));
        }
        return question(subject);
      },
    };
  };
  return [await group("unknown"), await group("app"), await group("passkey")];
}

/** The answer of a passkey that is nobody's, to a challenge that was opened for somebody. */
async function wrongPasskey({ api, people, origin }: CaseTerms): Promise<readonly Group[] | undefined> {
  const alike = await lookAlikes({ api, people }, "passkey");
  if (alike === undefined) return undefined;
  const stranger = createPasskey(origin);
  const group = (name: string, subjects: readonly string[]): Group => {
    const next = inTurn(subjects);
    let left = 0;
    let body: Json = {};
    return {
      name,
      next: async () => {
        if (left-- <= 0) {
          const opened = await api.call("/v1/challenges", { subject: next() });
          body = { challenge: textIn(opened, "challenge"), webauthn: stranger.authenticate(optionsIn(opened)) };
          left = ATTEMPTS_A_CHALLENGE - 1;
        }
        return api.question("/v1/verify", body);
      },
    };
  };
  return [group("unknown", alike.strangers), group("passkey", alike.known)];
}

function inTurn(subjects: readonly string[]): () => string {
  let asked = 0;
  return () => subjects[asked++ % subjects.length] ?? "";
}
