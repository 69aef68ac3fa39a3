import type { Page } from "playwright-core";
import { companyOf, type Enrolled, enrolFirstApp } from "./person.ts";
import type { Json } from "./service.ts";
import { passBy, type Stage, type WindowOptions } from "./stage.ts";

/** Somebody whom a relying party has sent to us, without a shop around. */
export type Visitor = Readonly<{ page: Page; subject: string }>;

/** A page at the enrolment of somebody new. */
export async function visitEnrolment(stage: Stage, subject: string, options: WindowOptions = {}): Promise<Visitor> {
  stage.watch.keepSecret(subject);
  const page = await stage.open(options);
  await page.goto(await stage.host.linkTo("enrol", { subject, account_name: "Maria" }));
  return { page, subject };
}

/** A page at the account of somebody who has just set up an authenticator app. */
export async function visitAccount(stage: Stage, subject: string): Promise<Visitor & Enrolled> {
  const visitor = await visitEnrolment(stage, subject);
  const enrolled = await enrolFirstApp(companyOf(stage, passBy), visitor.page);
  await visitor.page.getByRole("button", { name: "Finish" }).click();
  await stage.see(visitor.page, "Your second step");
  return { ...visitor, ...enrolled };
}

/** Sends a page to the prompt for a challenge just opened. */
export async function askAtPrompt(stage: Stage, { page, subject }: Visitor, terms: Json = {}): Promise<void> {
  const opened = await stage.host.rp.post("/v1/challenges", { subject, lane: { first_factor: true }, ...terms });
  await page.goto(await stage.host.linkTo("prompt", { challenge: opened.body.challenge }));
}
