import { useLayoutEffect } from "preact/hooks";

let leavingAllowed = false;

/** Lets the page go: the person has chosen, and the server has told where to. */
export function allowLeaving(): void {
  leavingAllowed = true;
}

/** From the moment that the component is on screen, the browser asks before the page is closed or left. */
export function useLeaveGuard(): void {
  useLayoutEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (!leavingAllowed) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
}
