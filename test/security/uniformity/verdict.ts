import type { Look } from "./look.ts";
import type { Town } from "./people.ts";

/** A question about a subject. */
export type AskAbout = (town: Town, subject: string) => Promise<Look>;

/** A question with one thing wrong with its ticket, its id or its credential. */
export type AskWrongly = (town: Town) => Promise<Look>;

/**
 * What a route does with the people it could tell of.
 * `alike`: each of these questions has one answer, whoever it is about and whatever they have.
 * `drawn`: the answer shows what a subject has, and every subject's looks like that of some stranger.
 * `wrong`: for each group of questions one answer, whatever it is that is wrong.
 * `tells`: it says who is there, to whom, and why that is so.
 * `none`: it takes no subject, credential, challenge or ticket, or only what its own page has given out; why.
 */
export type Verdict = Readonly<{
  alike?: Readonly<Record<string, AskAbout>>;
  drawn?: AskAbout;
  wrong?: Readonly<Record<string, Readonly<Record<string, AskWrongly>>>>;
  tells?: string;
  none?: string;
}>;
