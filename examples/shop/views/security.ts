import { html } from "hono/html";
import type { CountersignEvent, Status } from "../countersign-client.ts";
import type { SensitiveAction } from "../sessions.ts";
import type { User } from "../users.ts";
import { eventWords, methodWords } from "../words.ts";
import type { Markup, Page } from "./layout.ts";

export type SecurityView = Readonly<{
  user: User;
  /** Undefined when Countersign cannot be asked. */
  status: Status | undefined;
  /** Newest first; undefined when Countersign cannot be asked. */
  events: readonly CountersignEvent[] | undefined;
}>;

const WHEN = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

/** What protects the account, what happened to it, and what asks for another proof. */
export function securityPage({ user, status, events }: SecurityView): Page {
  return {
    title: "Security",
    behind: [
      "POST /v1/subjects/status",
      "POST /v1/events/list",
      'POST /v1/links {"page": "enrol"}',
      'POST /v1/links {"page": "account"}',
    ],
    body: (csrf) => html`<h1>Security</h1>
<section class="card"><h2>Second step ${badge(status)}</h2>${secondStep(status, csrf)}</section>
<section class="card"><h2>Your account</h2>
<dl class="facts"><div><dt>User name</dt><dd>${user.name}</dd></div>
<div><dt>Delivery address</dt><dd>${user.address === "" ? "None yet" : user.address}</dd></div></dl>
<p class="hint">These two ask for a fresh confirmation, even now that you are signed in.</p>
<div class="row">${actionForm("change_address", csrf)}${actionForm("delete_account", csrf)}</div></section>
<section class="card"><h2>Recently</h2>${eventList(events)}</section>`,
  };
}

function badge(status: Status | undefined): Markup {
  if (!status) return html`<span class="badge">unknown</span>`;
  return status.enrolled
    ? html`<span class="badge badge-on">on</span>`
    : html`<span class="badge badge-off">off</span>`;
}

function secondStep(status: Status | undefined, csrf: Markup): Markup {
  if (!status) return html`<p>We cannot ask Countersign right now. Whatever protects your account still does.</p>`;
  if (!status.enrolled) {
    return html`<p>Whoever learns your password can use your account. An authenticator app or a passkey puts an end to that.</p>
<form method="post" action="/set-up">${csrf}<button class="button button-primary" type="submit">Set up</button></form>`;
  }
  return html`<ul class="ways">${status.methods.map((method) => html`<li>${methodWords(method)}</li>`)}</ul>
<form method="post" action="/security/manage">${csrf}<button class="button" type="submit">Manage at Countersign</button></form>`;
}

function actionForm(action: SensitiveAction, csrf: Markup): Markup {
  const isDeletion = action === "delete_account";
  return html`<form method="post" action="/security/confirm">${csrf}<input type="hidden" name="action" value="${action}">
<button class="${isDeletion ? "button button-danger" : "button"}" type="submit">${isDeletion ? "Delete account" : "Change delivery address"}</button></form>`;
}

function eventList(events: readonly CountersignEvent[] | undefined): Markup {
  if (!events) return html`<p class="hint">Not available right now.</p>`;
  if (events.length === 0) return html`<p class="hint">Nothing yet.</p>`;
  return html`<ol class="events">${events.map(
    (event) => html`<li><span>${eventWords(event)}</span>
<time datetime="${event.at}">${WHEN.format(new Date(event.at))} UTC</time></li>`,
  )}</ol>`;
}
