import { parseArgs } from "node:util";
import { z } from "zod";
import { ensureTestImage } from "../harness/global-setup.ts";
import {
  combinations,
  directCombinations,
  nameOf,
  revisions,
  scopes,
  serverEras,
  type Combination,
} from "./combination.ts";
import { readExpectations, type Expectation } from "./expectations.ts";
import { describeProblem } from "./judge.ts";
import { runAndJudge, type JudgedOutcome } from "./run-and-judge.ts";
import { runSuite, type SuiteOutcome } from "./run-suite.ts";
import { startDirectSubject, startProxySubject, type Subject } from "./subjects.ts";

const help = `node conformance/main.ts [options]: the official MCP conformance suite, through MCPProxy in Docker

  --mode legacy|modern|dual          what the fixture server speaks; all without it
  --scope shared|session|direct      "direct" is without MCPProxy; shared and session without it
  --requirements 2025-11-25|2026-07-28   the client's revision; both without it
  --scenario NAME                    one scenario instead of all
  --blocked                          also the combinations that expected-failures.json calls blocked
  --all-problems                     more than the first 20 of a combination
  --verbose                          everything that the suite prints`;

const { values } = parseArgs({
  options: {
    mode: { type: "string" },
    scope: { type: "string" },
    requirements: { type: "string" },
    scenario: { type: "string" },
    blocked: { type: "boolean", default: false },
    "all-problems": { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const flags = z
  .object({
    mode: z.enum(serverEras).optional(),
    scope: z.enum([...scopes, "direct"]).optional(),
    requirements: z.enum(revisions).optional(),
    scenario: z.string().optional(),
    blocked: z.boolean(),
    "all-problems": z.boolean(),
    verbose: z.boolean(),
  })
  .parse(values);
const shownComplaints = flags["all-problems"] ? Infinity : 20;

if (values.help) console.log(help);
else process.exitCode = (await runAll()) ? 0 : 1;

async function runAll(): Promise<boolean> {
  const expectationOf = await readExpectations();
  const isChosen = ({ era, revision, through }: Combination) =>
    (flags.mode ?? era) === era &&
    (flags.requirements ?? revision) === revision &&
    (flags.scope ?? through) === through;
  const chosen = [...combinations, ...(flags.scope === "direct" ? directCombinations : [])].filter(isChosen);
  // Whoever names a combination or a scenario wants to see it, blocked or not.
  const isNamed = flags.blocked || (flags.mode !== undefined && flags.requirements !== undefined);
  const wanted = chosen.filter((one) => isNamed || expectationOf(one).blocked === undefined);
  let isGood = true;
  for (const group of groupsOf(wanted)) {
    const subject = await startSubject(group);
    try {
      for (const one of group) isGood = (await run({ subject, one, expectation: expectationOf(one) })) && isGood;
    } finally {
      await subject.stop();
    }
  }
  return isGood;
}

/** One product serves all combinations through it; without it each has a subject of its own. */
function groupsOf(wanted: readonly Combination[]): readonly (readonly Combination[])[] {
  const direct = wanted.filter(({ through }) => through === "direct");
  const proxied = wanted.filter(({ through }) => through !== "direct");
  return [...direct.map((one) => [one]), ...(proxied.length > 0 ? [proxied] : [])];
}

async function startSubject(group: readonly Combination[]): Promise<Subject> {
  const [first] = group;
  if (first?.through === "direct") return startDirectSubject(first.era);
  await ensureTestImage();
  return startProxySubject(group);
}

interface Run {
  readonly subject: Subject;
  readonly one: Combination;
  readonly expectation: Expectation;
}

async function run({ subject, one, expectation }: Run): Promise<boolean> {
  const url = subject.urlOf(one);
  const { scenario } = flags;
  if (scenario === undefined) return report(one, await runAndJudge({ url, revision: one.revision, expectation }));
  return reportScenario(one, await runSuite({ url, revision: one.revision, scenario }));
}

function report(one: Combination, { outcome, judgement: { complaints, expected } }: JudgedOutcome): boolean {
  if (flags.verbose) console.log(outcome.output);
  console.log(`${nameOf(one)}: ${outcome.passed} passed, ${expected.length} known problems, ${seconds(outcome)}`);
  for (const complaint of complaints.slice(0, shownComplaints)) console.log(`  ${complaint}`);
  const hidden = complaints.length - shownComplaints;
  if (hidden > 0) console.log(`  … and ${hidden} more; --all-problems shows them`);
  return complaints.length === 0;
}

function reportScenario(one: Combination, outcome: SuiteOutcome): boolean {
  if (flags.verbose) console.log(outcome.output);
  const { passed, problems, exitCode } = outcome;
  console.log(`${nameOf(one)}, ${flags.scenario}: ${passed} passed, exit code ${exitCode}, ${seconds(outcome)}`);
  for (const problem of problems) console.log(`  ${describeProblem(problem)}`);
  return problems.length === 0 && passed > 0;
}

function seconds({ durationMs }: SuiteOutcome): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
