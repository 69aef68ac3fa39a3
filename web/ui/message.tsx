import type { VNode } from "preact";
import type { MessageKey } from "../i18n/catalogue.ts";
import { pieces, type Values } from "../i18n/format.ts";
import { usePage } from "./page.ts";

type Props = Readonly<{ k: MessageKey; values?: Values }>;

/** A message as elements: the names put into it are isolated from its writing direction, and cannot be markup. */
export function Message({ k, values }: Props): VNode {
  const { locale } = usePage();
  return (
    <>
      {pieces(locale, k, values).map((piece) => {
        if ("text" in piece) return piece.text;
        return piece.isName ? <bdi>{piece.value}</bdi> : piece.value;
      })}
    </>
  );
}
