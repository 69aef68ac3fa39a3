import { html } from "hono/html";
import type { Question } from "../sessions.ts";
import type { Tried } from "../words.ts";
import { type Markup, type Page, problemNote } from "./layout.ts";

const WHY = {
  sign_in: "Your password was right. One more step.",
  change_address: "You are about to change where parcels go. Please confirm that it is you.",
  delete_account: "You are about to delete your account. Please confirm that it is you.",
} satisfies Record<Question["why"], string>;

export type SecondFactorView = Readonly<{ question: Question; tried?: Tried; problem?: string }>;

/** The second step, with the ways that the person has: a code typed here, or Countersign's own page. */
export function secondFactorPage({ question, tried, problem }: SecondFactorView): Page {
  const { methods, why } = question;
  const takesTotp = methods.includes("totp");
  const takesRecoveryCode = methods.includes("recovery_code");
  const takesCodes = takesTotp || takesRecoveryCode;
  return {
    title: "Confirm it is you",
    behind: ["POST /v1/verify", 'POST /v1/links {"page": "prompt"}', "POST /v1/challenges/redeem"],
    body: (csrf) => html`<div class="card"><h1>Confirm it is you</h1>
<p class="lead">${WHY[why]}</p>
${problemNote(problem)}
${takesTotp ? totpForm(csrf, { hasFocus: tried !== "recovery_code" }) : ""}
${takesRecoveryCode ? recoveryCodeForm(csrf, { isAlone: !takesTotp, wasTried: tried === "recovery_code" }) : ""}
${takesCodes ? html`<p class="or"><span>or</span></p>` : ""}
<form class="stack" method="post" action="/second-factor/continue">${csrf}
<button class="${takesCodes ? "button" : "button button-primary"}" type="submit">Continue at Countersign</button>
<p class="hint">${methods.includes("webauthn") ? "Use your passkey or security key there" : "Confirm on its own page"}, then you come back here.</p></form>
<form method="post" action="/second-factor/cancel">${csrf}<button class="link" type="submit">Cancel</button></form></div>`,
  };
}

function totpForm(csrf: Markup, { hasFocus }: Readonly<{ hasFocus: boolean }>): Markup {
  return html`<form class="stack" method="post" action="/second-factor">${csrf}
<div class="field"><label for="totp">Code from your authenticator app</label>
<input class="input input-code" id="totp" name="totp" type="text" inputmode="numeric" autocomplete="one-time-code" required${autofocus(hasFocus)}></div>
<button class="button button-primary" type="submit">Confirm</button></form>`;
}

type RecoveryCodeView = Readonly<{ isAlone: boolean; wasTried: boolean }>;

function recoveryCodeForm(csrf: Markup, { isAlone, wasTried }: RecoveryCodeView): Markup {
  const form = html`<form class="stack" method="post" action="/second-factor">${csrf}
<div class="field"><label for="recovery-code">Recovery code</label>
<input class="input input-recovery" id="recovery-code" name="recovery_code" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required${autofocus(wasTried)}>
<p class="hint">Each one works once.</p></div>
<button class="button" type="submit">Use recovery code</button></form>`;
  if (isAlone) return form;
  return html`<details class="more"${wasTried ? html` open` : ""}><summary>Use a recovery code</summary>${form}</details>`;
}

function autofocus(isWanted: boolean): Markup {
  return isWanted ? html` autofocus` : html``;
}
