import type { Deps } from "../../src/ports/deps.ts";

/** Deps whose store notes each verb that is called, as "table.verb", in order. */
export function watchStore(deps: Deps, calls: string[]): Deps {
  return { ...deps, store: watched(deps.store, "", calls) };
}

function watched<T extends object>(target: T, path: string, calls: string[]): T {
  return new Proxy(target, {
    get(object, name, receiver) {
      const member: unknown = Reflect.get(object, name, receiver);
      const place = `${path}${String(name)}`;
      if (typeof member !== "function") {
        return typeof member === "object" && member !== null ? watched(member, `${place}.`, calls) : member;
      }
      return (...parameters: readonly unknown[]) => {
        calls.push(place);
        return Reflect.apply(member, undefined, parameters);
      };
    },
  });
}
