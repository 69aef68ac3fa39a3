/**
 * The benchmarks. `--quick` takes a minute instead of ten; `--only verify-totp,growth` runs these alone; `--subjects N`
 * is how many growth is measured to; `--samples N` how often the probe asks; `--cpu-prof DIR` writes a CPU profile of the
 * service there. Prints a table, and writes test-results/bench.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  assessPasswords,
  growth,
  loadOfUsers,
  lonelyLatency,
  measureProgram,
  probeForLeaks,
  type Scale,
  soak,
  verifyTotp,
  verifyWebauthn,
  withBed,
} from "./benches.ts";
import { type CorpusFigures, measureBreaches } from "./breaches.ts";
import { isPinned, pinGenerator } from "./child.ts";
import type { OpenLoopFigures } from "./open-loop.ts";
import { openidFlows } from "./openid.ts";
import { passwordFieldKilobytes, promptScriptKilobytes } from "./page-size.ts";
import type { PairFigures } from "./pairs.ts";
import { measurePasswordAssess } from "./password-worst-case.ts";
import { promptOnPhone } from "./phone.ts";
import { figure, pairLines, type Report, table } from "./report.ts";
import { loadOnD1 } from "./worker-load.ts";

const FULL: Scale = {
  rounds: 9,
  roundMs: 3_000,
  connections: 64,
  totpSubjects: 10_000,
  passkeys: 10_000,
  memoryVerifies: 100_000,
  loadMs: 60_000,
  soakMs: 600_000,
  growthFrom: 1_000,
  growthTo: 1_000_000,
  starts: 5,
  openidFlows: 1_500,
  probeSamples: 20_000,
  nodeOptions: [],
};
const QUICK: Partial<Scale> = {
  rounds: 3,
  roundMs: 1_500,
  passkeys: 2_000,
  loadMs: 12_000,
  soakMs: 60_000,
  growthTo: 100_000,
  starts: 3,
  openidFlows: 500,
  probeSamples: 1_000,
};
const NAMES = [
  "verify-totp",
  "webauthn",
  "password",
  "breaches",
  "program",
  "postgres",
  "growth",
  "postgres-growth",
  "load",
  "load-d1",
  "soak",
  "openid",
  "probe",
  "page",
] as const;

const CORPUS_ROWS = 50_000_000;
const QUICK_CORPUS_ROWS = 18_000_000;
const RESULTS = resolve(import.meta.dirname, "../../test-results");

const { values } = parseArgs({
  options: {
    quick: { type: "boolean" },
    only: { type: "string" },
    rounds: { type: "string" },
    samples: { type: "string" },
    subjects: { type: "string" },
    "cpu-prof": { type: "string" },
  },
});
const profile = values["cpu-prof"];
const scale: Scale = {
  ...FULL,
  ...(values.quick ? QUICK : {}),
  ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
  ...(values.samples === undefined ? {} : { probeSamples: Number(values.samples) }),
  ...(values.subjects === undefined ? {} : { growthTo: Number(values.subjects) }),
  ...(profile === undefined ? {} : { nodeOptions: ["--cpu-prof", `--cpu-prof-dir=${resolve(profile)}`] }),
};
const wanted: readonly string[] = values.only?.split(",") ?? NAMES;
const unknown = wanted.find((name) => !NAMES.some((known) => known === name));
if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}; there are ${NAMES.join(", ")}`);

pinGenerator();
const report = await run();
console.log(table(report));
mkdirSync(RESULTS, { recursive: true });
writeFileSync(
  resolve(RESULTS, "bench.json"),
  `${JSON.stringify({ isPinned, node: process.version, ...report }, null, 2)}\n`,
);

async function run(): Promise<Report> {
  const pairs: Record<string, PairFigures> = {};
  const loads: Record<string, OpenLoopFigures> = {};
  const figures: Report["figures"][number][] = [];
  const note = (name: string, pair: PairFigures) => {
    pairs[name] = pair;
    console.error(`${name}: ratio ${pair.ratio.toFixed(3)}`);
  };
  const wants = (name: (typeof NAMES)[number]) => wanted.includes(name);
  if (["verify-totp", "webauthn", "password"].some((name) => wanted.includes(name))) {
    const size = { totpSubjects: scale.totpSubjects, passkeySubjects: wants("webauthn") ? scale.passkeys : 0 };
    await withBed(scale, size, async (bed) => {
      if (wants("verify-totp")) {
        note("verify TOTP", await verifyTotp(bed));
        figures.push(figure("verify TOTP, one connection, p50", "ms", await lonelyLatency(bed), { atMost: 1 }));
      }
      if (wants("webauthn")) {
        const { open, verify } = await verifyWebauthn(bed);
        note("open challenge", open);
        note("verify WebAuthn ES256", verify);
      }
      if (wants("password")) note("password assess", await assessPasswords(bed));
    });
  }
  if (wants("password")) {
    const { typical, worst } = await measurePasswordAssess();
    figures.push(figure("estimate of an ordinary password", "ms", typical.p50Ms, { atMost: 3 }));
    figures.push(figure(`estimate of the worst (${worst.input})`, "ms", worst.p50Ms, { atMost: 50 }));
  }
  if (wants("breaches")) {
    const { corpus, range, padded } = await measureBreaches({
      ...scale,
      corpusRows: values.quick ? QUICK_CORPUS_ROWS : CORPUS_ROWS,
    });
    note("range", range);
    note("range, padded", padded);
    figures.push(...corpusFigures(corpus));
  }
  if (wants("postgres")) {
    const size = { totpSubjects: scale.totpSubjects, passkeySubjects: scale.passkeys, engine: "postgres" } as const;
    await withBed(scale, size, async (bed) => {
      note("verify TOTP on PostgreSQL", await verifyTotp(bed));
      const alone = await lonelyLatency(bed);
      figures.push(figure("verify TOTP on PostgreSQL, one connection, p50", "ms", alone, { atMost: 2 }));
      const { most, half } = await loadOfUsers(bed);
      loads["on PostgreSQL, as fast as they go"] = most;
      loads["on PostgreSQL, arriving at half of that"] = half;
    });
  }
  if (wants("program")) {
    const program = await measureProgram(scale);
    figures.push(figure("start to ready", "ms", program.startMs, { atMost: 1000 }));
    figures.push(figure("memory once ready", "MB", program.megabytesAtStart));
    figures.push(
      figure(`memory after ${scale.memoryVerifies} verifies`, "MB", program.residentMegabytes, { atMost: 200 }),
    );
  }
  for (const engine of ["sqlite", "postgres"] as const) {
    if (!wants(engine === "sqlite" ? "growth" : "postgres-growth")) continue;
    const grown = await growth(scale, engine);
    const name = `${grown.to} subjects against ${grown.from}${engine === "postgres" ? ", PostgreSQL" : ""}`;
    note(`verify TOTP, ${name}`, grown.pairs);
    figures.push(figure(`cost per verify, ${name}`, "times", grown.costRatio, { atMost: 1.3 }));
  }
  const peopleOnly = { totpSubjects: scale.totpSubjects, passkeySubjects: scale.passkeys };
  if (wants("load")) {
    const { most, half } = await withBed(scale, peopleOnly, loadOfUsers);
    loads["as fast as they go"] = most;
    loads["arriving at half of that"] = half;
  }
  if (wants("load-d1")) {
    const { most, half } = await loadOnD1(scale);
    loads["on D1, as fast as they go"] = most;
    loads["on D1, arriving at half of that"] = half;
  }
  if (wants("soak")) {
    const { load, growth: grown, residentMegabytes } = await withBed(scale, peopleOnly, soak);
    loads["soak at a quarter of that"] = load;
    figures.push(
      figure("memory at the end of the soak", "MB", residentMegabytes.at(-1) ?? Number.NaN, { atMost: 200 }),
    );
    figures.push(figure("memory, last quarter against second", "times", grown, { atMost: 1.1 }));
  }
  if (wants("openid")) {
    const { totp, passkey } = await openidFlows(scale);
    note("OpenID sign-in with a code, against oidc-provider", totp);
    note("OpenID sign-in with a passkey, against oidc-provider", passkey);
    for (const [name, pair] of Object.entries({ code: totp, passkey })) {
      figures.push(figure(`OpenID sign-in with a ${name}, ratio to oidc-provider`, "", pair.ratio, { atLeast: 1 }));
    }
  }
  if (wants("probe")) {
    const told = await withBed({ ...scale, nodeOptions: [] }, { totpSubjects: 1_000, passkeySubjects: 0 }, (bed) =>
      probeForLeaks(bed, scale.probeSamples),
    );
    console.log(told.lines.join("\n"));
    figures.push(figure(`probe, pairs of ${told.pairs} that miss the aim`, "", told.missed, { atMost: 0 }));
    figures.push(figure("probe, furthest area under the curve from 0.5", "", told.furthest, { atMost: 0.02 }));
    figures.push(figure("probe, furthest end of its 95 % interval from 0.5", "", told.furthestEnd, { atMost: 0.05 }));
  }
  const page = wants("page") ? promptScriptKilobytes() : undefined;
  if (page !== undefined) figures.push(figure("prompt page script, gzip", "kB", page, { atMost: 40 }));
  const phone = wants("page") ? await promptOnPhone() : undefined;
  if (phone !== undefined) {
    figures.push(figure("prompt on a slow phone, until usable", "ms", phone.usableMs, { atMost: 1500 }));
    figures.push(figure("prompt on a slow phone, until its script runs", "ms", phone.scriptedMs));
    figures.push(figure("prompt on a slow phone, loaded", "kB", phone.kilobytes));
    figures.push(figure("prompt on a slow phone, requests", "", phone.requests));
  }
  const element = wants("page") ? passwordFieldKilobytes() : undefined;
  if (element !== undefined) figures.push(figure("password field, gzip", "kB", element, { atMost: 12 }));
  return { scale, pairs, loads, figures: [...pairLines(pairs), ...figures] };
}

function corpusFigures({ rows, rowsPerSecond, residentMegabytes, bytesAHash, tailBytesAHash }: CorpusFigures) {
  return [
    figure(`corpus of ${rows / 1e6} million built`, "M rows/s", rowsPerSecond / 1e6, { atLeast: 1 }),
    figure("memory while it is built", "MB", residentMegabytes, { atMost: 300 }),
    figure("corpus, for look-ups", "bytes a hash", bytesAHash, { atMost: 10 }),
    figure("its tails", "bytes a hash", tailBytesAHash),
  ];
}
