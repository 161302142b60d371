import type { Expectation } from "./expectations.ts";
import type { SuiteOutcome } from "./run-suite.ts";
import type { Problem } from "./suite-results.ts";

/** What an outcome says in the light of what was expected. */
export interface Judgement {
  readonly unexpected: readonly Problem[];
  readonly expected: readonly Problem[];
  /** Expected problems that did not occur: their lines can go. */
  readonly solved: readonly string[];
  /** In words, why this is not good enough; empty if it is. */
  readonly complaints: readonly string[];
}

// These run and must pass here, but the suite does not let them decide its exit code.
const notScored = [
  "server-session-lifecycle",
  "server-sse-polling",
  "json-schema-2020-12",
  "http-header-validation",
  "http-custom-header-server-validation",
];

/** Compares the outcome of a whole requirement set with what the file of expectations says. */
export function judge(outcome: SuiteOutcome, { expected, minimumPassed }: Expectation): Judgement {
  const known = new Set(expected.map(({ problem }) => problem));
  const seen = new Set(outcome.problems.map(({ key }) => key));
  const unexpected = outcome.problems.filter(({ key }) => !known.has(key));
  const solved = [...known].filter((key) => !seen.has(key));
  return {
    unexpected,
    expected: outcome.problems.filter(({ key }) => known.has(key)),
    solved,
    complaints: [
      ...unexpected.map(describeProblem),
      ...solved.map((key) => `passes now, so it must go from expected-failures.json: ${key}`),
      ...complaintAboutPasses({ passed: outcome.passed, minimumPassed }),
      ...complaintAboutExit(outcome),
    ],
  };
}

/** One line, without the copies of whole messages that some checks append. */
export function describeProblem({ key, level, message }: Problem): string {
  const [firstLine = ""] = message.split("\n");
  return `${level} ${key}: ${firstLine.length > 240 ? `${firstLine.slice(0, 240)}…` : firstLine}`;
}

function complaintAboutPasses({ passed, minimumPassed }: { readonly passed: number; readonly minimumPassed: number }) {
  return passed < minimumPassed ? [`Only ${passed} of ${minimumPassed} checks passed`] : [];
}

function complaintAboutExit({ exitCode, problems, output }: SuiteOutcome): readonly string[] {
  const isBroken = problems.some(({ key, level }) => level === "FAILURE" && !notScored.includes(scenarioOf(key)));
  const wanted = isBroken ? 1 : 0;
  return exitCode === wanted ? [] : [`The suite ended with ${exitCode} instead of ${wanted}:\n${output.slice(-2_000)}`];
}

function scenarioOf(key: string): string {
  return key.slice(0, key.indexOf(":"));
}
