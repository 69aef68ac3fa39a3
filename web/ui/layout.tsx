import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Alert } from "./alert.tsx";
import { Mark } from "./mark.tsx";
import { Message } from "./message.tsx";
import { type Page, usePage, useText } from "./page.ts";

type Props = Readonly<{
  heading: string;
  children: ComponentChildren;
  width?: "narrow" | "wide";
  /** Above the card's content, instead of the relying party: navigation of the administration pages. */
  before?: ComponentChildren;
}>;

/**
 * The frame of each view: our name and host, the relying party's name and host, one heading. Give it a `key` for each
 * view: a new view moves focus to its heading, unless a field inside takes it.
 */
export function Layout({ heading, children, width = "narrow", before }: Props): VNode {
  const page = usePage();
  useTitle(page, heading);
  return (
    <div class={`page page-${width}`}>
      <header class="masthead">
        <Brand />
        <Host host={page.frame.host} />
      </header>
      <main class="card">
        {before ?? <RelyingParty />}
        <Heading text={heading} />
        <FailureAlert />
        {children}
        <p class="progress" role="status">
          {progressText(page)}
        </p>
      </main>
      <Links />
    </div>
  );
}

/** The realm's logo and name, or ours. The name stands beside the logo, which needs none of its own. */
function Brand(): VNode {
  const { brand } = usePage().frame;
  return (
    <>
      {brand?.logo ? <img class="logo" src={brand.logo} alt="" /> : <Mark />}
      <span class="brand">{brand ? <bdi>{brand.name}</bdi> : <Message k="brand.name" />}</span>
    </>
  );
}

/** The same help in the same place on every page (WCAG 2.2 §3.2.6). */
function Links(): VNode | null {
  const { privacyUrl, supportUrl } = usePage().frame.brand ?? {};
  if (privacyUrl === undefined && supportUrl === undefined) return null;
  return (
    <footer class="links">
      {supportUrl && (
        <a href={supportUrl} rel="noreferrer">
          <Message k="links.support" />
        </a>
      )}
      {privacyUrl && (
        <a href={privacyUrl} rel="noreferrer">
          <Message k="links.privacy" />
        </a>
      )}
    </footer>
  );
}

/** Where the browser is, spelled for people and always left to right. */
function Host({ host }: Readonly<{ host: string }>): VNode {
  return (
    <span class="host">
      <bdi dir="ltr">{host}</bdi>
    </span>
  );
}

function RelyingParty(): VNode | null {
  const party = usePage().frame.relyingParty;
  if (party === undefined) return null;
  return (
    <p class="party">
      <span class="party-for">
        <Message k="party.for" />
      </span>{" "}
      <bdi class="party-name">{party.name}</bdi>{" "}
      {party.host && (
        <bdi class="party-host" dir="ltr">
          {party.host}
        </bdi>
      )}
    </p>
  );
}

function Heading({ text }: Readonly<{ text: string }>): VNode {
  const { turn } = usePage();
  const ref = useRef<HTMLHeadingElement>(null);
  const firstTurn = useRef(turn);
  useLayoutEffect(() => {
    if (firstTurn.current > 0) ref.current?.focus();
  }, []);
  return (
    <h1 tabIndex={-1} ref={ref}>
      {text}
    </h1>
  );
}

function FailureAlert(): VNode | null {
  const { failure } = usePage();
  if (failure === undefined) return null;
  return (
    <Alert tone="problem">
      <Message k={`failure.${failure}`} />
    </Alert>
  );
}

/** The document's title: the heading and the relying party's name. Set while rendering on the server, then after it. */
function useTitle(page: Page, heading: string): void {
  const text = useText();
  const party = page.frame.relyingParty?.name;
  const title =
    party === undefined ? `${heading} · ${text("brand.name")}` : text("title.with_party", { heading, party });
  if (typeof document === "undefined") page.setTitle(title);
  useLayoutEffect(() => page.setTitle(title), [title]);
}

function leavingKey(page: Page): "status.leaving" | "status.loading" {
  return page.leavingTo === page.frame.host ? "status.loading" : "status.leaving";
}

function progressText(page: Page): VNode | null {
  if (page.leavingTo !== undefined) return <Message k={leavingKey(page)} values={{ host: page.leavingTo }} />;
  return page.busy ? <Message k="status.busy" /> : null;
}
