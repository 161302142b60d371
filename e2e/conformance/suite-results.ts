import { glob, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";

const checkSchema = z.object({
  id: z.string(),
  status: z.enum(["SUCCESS", "FAILURE", "WARNING", "INFO", "SKIPPED"]),
  errorMessage: z.string().optional(),
});

/** A check that did not pass: FAILURE breaks a MUST of the specification, WARNING a SHOULD. */
export interface Problem {
  /** `scenario:check`. */
  readonly key: string;
  readonly level: "FAILURE" | "WARNING";
  readonly message: string;
}

export interface SuiteResults {
  readonly passed: number;
  readonly problems: readonly Problem[];
}

// An optional extension, which the fixture does not have.
const extension = /^tasks-/;

/** Reads what the suite wrote: one folder with a checks.json for each scenario. */
export async function readResults(folder: string): Promise<SuiteResults> {
  const scenarios: SuiteResults[] = [];
  for await (const path of glob(join(folder, "*/checks.json"))) {
    const scenario = scenarioOf(basename(dirname(path)));
    if (!extension.test(scenario)) scenarios.push(resultsOf(scenario, await readFile(path, "utf8")));
  }
  return {
    passed: scenarios.reduce((sum, { passed }) => sum + passed, 0),
    problems: scenarios.flatMap(({ problems }) => problems),
  };
}

/** The folder is named `server-<scenario>-<time>`. */
function scenarioOf(folder: string): string {
  return folder.replace(/^server-/, "").replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, "");
}

function resultsOf(scenario: string, text: string): SuiteResults {
  const checks = z.array(checkSchema).parse(JSON.parse(text));
  const problems = checks.flatMap(({ id, status, errorMessage = "no message" }): Problem[] =>
    status === "FAILURE" || status === "WARNING"
      ? [{ key: `${scenario}:${id}`, level: status, message: errorMessage }]
      : [],
  );
  return { passed: checks.filter(({ status }) => status === "SUCCESS").length, problems };
}
