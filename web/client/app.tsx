import type { VNode } from "preact";
import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Frame, PageModel } from "../../src/http/pages/models.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { PlainPage } from "../plain/plain-page.tsx";
import { allowLeaving } from "../ui/leave-guard.ts";
import { type Failure, type Page, PageProvider } from "../ui/page.ts";
import { send } from "./send.ts";

type State = Readonly<{ model: PageModel; turn: number; busy: boolean; failure?: Failure; leavingTo?: string }>;

type Event =
  | Readonly<{ type: "sent" }>
  | Readonly<{ type: "shown"; model: PageModel }>
  | Readonly<{ type: "failed"; failure: Failure }>
  | Readonly<{ type: "leaving"; host: string }>;

type Props = Readonly<{
  first: PageModel;
  locale: Locale;
  /** The view of this page's models; nothing for another page's. */
  render: (model: PageModel) => VNode | undefined;
}>;

/** Holds what is on screen, and exchanges forms for models. */
export function App({ first, locale, render }: Props): VNode | null {
  const [state, dispatch] = useReducer(reduce, { model: first, turn: 0, busy: false });
  const [live, setLive] = useState(false);
  useEffect(() => setLive(true), []);
  const actions = useActions(dispatch);
  const { model, turn, busy, failure, leavingTo } = state;
  const page: Page = {
    frame: frameOf(model),
    locale,
    live,
    turn,
    busy,
    ...(failure && { failure }),
    ...(leavingTo !== undefined && { leavingTo }),
    ...actions,
  };
  const view = model.page === "plain" ? <PlainPage model={model} /> : render(model);
  useEffect(() => {
    if (view === undefined) window.location.reload();
  }, [view === undefined]);
  return <PageProvider value={page}>{view}</PageProvider>;
}

function useActions(dispatch: (event: Event) => void): Pick<Page, "submit" | "show" | "setTitle"> {
  const busy = useRef(false);
  return useMemo(
    () => ({
      setTitle: (title) => {
        document.title = title;
      },
      show: (model) => dispatch({ type: "shown", model }),
      submit: async (action, fields) => {
        if (busy.current) return;
        busy.current = true;
        dispatch({ type: "sent" });
        const answer = await send(action, fields);
        if ("location" in answer) {
          leave(answer.location, dispatch);
          return;
        }
        busy.current = false;
        if ("model" in answer) dispatch({ type: "shown", model: answer.model });
        else dispatch({ type: "failed", failure: answer.failure });
      },
    }),
    [],
  );
}

/** Says where it goes, then goes. The page stays busy: the next thing on screen is another page. */
function leave(location: string, dispatch: (event: Event) => void): void {
  const target = new URL(location, window.location.href);
  dispatch({ type: "leaving", host: target.host });
  allowLeaving();
  window.location.assign(target);
}

function reduce(state: State, event: Event): State {
  switch (event.type) {
    case "sent":
      return { model: state.model, turn: state.turn, busy: true };
    case "shown":
      return { model: event.model, turn: state.turn + 1, busy: false };
    case "failed":
      return { model: state.model, turn: state.turn, busy: false, failure: event.failure };
    case "leaving":
      return { ...state, leavingTo: event.host };
  }
}

/** The part that all models share. */
export function frameOf({ lang, csrf, host, relyingParty, brand }: PageModel): Frame {
  return { lang, csrf, host, ...(relyingParty && { relyingParty }), ...(brand && { brand }) };
}
