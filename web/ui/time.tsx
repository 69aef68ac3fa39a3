import type { VNode } from "preact";
import { usePage } from "./page.ts";

type Props = Readonly<{ at: string; precision?: "day" | "minute" }>;

/** A moment (RFC 3339) in words: in UTC from the server, in the reader's own time zone once script runs. */
export function Time({ at, precision = "minute" }: Props): VNode {
  const { live, locale } = usePage();
  const format = new Intl.DateTimeFormat(locale.lang, {
    dateStyle: "medium",
    ...(precision === "minute" && { timeStyle: "short" }),
    ...(!live && { timeZone: "UTC" }),
  });
  const zone = precision === "minute" && !live ? " UTC" : "";
  return (
    <time dateTime={at}>
      <bdi>{format.format(new Date(at)) + zone}</bdi>
    </time>
  );
}
