import { expect, test } from "vitest";
import { administer, find, touch } from "../support/admin.ts";
import { enrolTotp } from "../support/enrol.ts";
import { signInToAccount } from "../support/page-answers.ts";
import { MODEL_PAGES, viewOf } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });
const REASON = "Lost phone, seen at the desk";

test("G-05: a person sees on the account page that an administrator reset them, and the reason", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const operator = await administer(use.service).signedIn("operator");
  const found = await find(operator, use.rp.clientId, "alice");
  if (found.touch === undefined) throw new Error("an operator is offered no reset");
  const fields = { target: found.target, reason: REASON, ...touch(operator, found.touch.reset) };
  expect((await operator.post("/admin/subjects/reset", fields)).status).toBe(200);
  const { page } = await signInToAccount(use.service, use.rp, "alice");
  const { activity } = viewOf(page, "account", "overview");
  expect(activity).toContainEqual(expect.objectContaining({ kind: "reset_by_administrator", reason: REASON }));
});
