import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createInstallation, type Enrolled, enrolNow, httpClient, type Installation } from "../support/command-line.ts";
import { authenticatorsOf, shuffled } from "../support/under-kill.ts";

const SUBJECTS = 20;
const CODES_EACH = 4;

type Answer = Readonly<{ subject: string; totp?: string; recovery_code?: string }>;

// Each test starts several processes, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let installation: Installation;

beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.remove());

test("killed in the middle of its work, the service forgets no accepted code and no confirmed enrolment", async () => {
  const created = await installation.run(
    ...["rp", "create", "--name", "Shop", "--redirect-uri", "http://localhost:3000/", "--json"],
  );
  const apiKey = String(JSON.parse(created.stdout).api_key);
  const service = await installation.serve();
  const post = httpClient(service.url, apiKey);
  const enrolled = await Promise.all(Array.from({ length: SUBJECTS }, (_, index) => enrolNow(post, `person-${index}`)));
  const control = await enrolNow(post, "control");

  const answers = shuffled(enrolled.flatMap(answersOf));
  const killAfter = 1 + Math.floor(Math.random() * (answers.length - SUBJECTS));
  const accepted: Answer[] = [];
  const confirmed: Enrolled[] = [...enrolled, control];
  const verifying = answers.map((answer) =>
    unlessKilled(async () => {
      const { status } = await post("/v1/verify", answer);
      expect(status).toBe(200);
      accepted.push(answer);
      if (accepted.length === killAfter) service.kill("SIGKILL");
    }),
  );
  const enrolling = Array.from({ length: SUBJECTS }, (_, index) =>
    unlessKilled(async () => {
      confirmed.push(await enrolNow(post, `newcomer-${index}`));
    }),
  );
  await Promise.all([...verifying, ...enrolling]);
  expect(await service.exited).toBe("SIGKILL");
  expect(accepted.length).toBeGreaterThanOrEqual(killAfter);

  const restarted = await installation.serve();
  const postAgain = httpClient(restarted.url, apiKey);
  const replayed = await Promise.all(accepted.map((answer) => postAgain("/v1/verify", answer)));
  expect(replayed.filter(({ status }) => status !== 403)).toEqual([]);
  const listed = await Promise.all(confirmed.map((one) => authenticatorsOf(postAgain, one.subject)));
  for (const [index, { authenticator }] of confirmed.entries()) expect(listed[index]).toContain(authenticator);
  // The codes above are refused because they are spent: one of their age that is not spent still counts.
  expect((await postAgain("/v1/verify", { subject: "control", totp: control.code })).status).toBe(200);
});

/** What one person can answer with: the current code, and some recovery codes. */
function answersOf({ subject, code, recoveryCodes }: Enrolled): readonly Answer[] {
  const others = recoveryCodes.slice(0, CODES_EACH - 1).map((recovery_code) => ({ subject, recovery_code }));
  return [{ subject, totp: code }, ...others];
}

/** A request that the kill cut off says nothing about what became of it. */
async function unlessKilled(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
