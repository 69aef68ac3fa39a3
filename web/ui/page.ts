import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Frame, PageModel } from "../../src/http/pages/models.ts";
import type { Locale, MessageKey } from "../i18n/catalogue.ts";
import { formatText, type Values } from "../i18n/format.ts";

/** Why a form's answer did not arrive as a model; the page stays as it was. */
export type Failure = "network" | "unexpected" | "too_many";

/** Everything that components share on a page: where they are, whether script runs, and the way to the server. */
export type Page = Readonly<{
  frame: Frame;
  locale: Locale;
  /** False on the server and until the browser has taken over: what needs script is then disabled. */
  live: boolean;
  busy: boolean;
  /** Counts the models put on screen since the page was loaded: changes whenever focus may have to move. */
  turn: number;
  failure?: Failure;
  /** Host that the browser is being sent to. */
  leavingTo?: string;
  setTitle(title: string): void;
  /** Posts a form's fields and shows the answer; does nothing while another post is under way. */
  submit(action: string, fields: URLSearchParams): Promise<void>;
  /** Puts another model on screen without asking the server. */
  show(model: PageModel): void;
}>;

const PageContext = createContext<Page | undefined>(undefined);

export const PageProvider = PageContext.Provider;

/** The page that a component is on. Throws outside of a `PageProvider`: that is a bug. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error("component used outside of a page");
  return page;
}

/** Returns the function that finds messages in the page's language, as plain text. */
export function useText(): (key: MessageKey, values?: Values) => string {
  const { locale } = usePage();
  return (key, values) => formatText(locale, key, values);
}
