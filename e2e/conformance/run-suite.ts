import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "../harness/managed-process.ts";
import type { Revision } from "./combination.ts";
import { readResults, type SuiteResults } from "./suite-results.ts";

// The package exports nothing but its program, which its manifest leads to.
const program = join(
  createRequire(import.meta.url).resolve("@modelcontextprotocol/conformance/package.json"),
  "../dist/index.js",
);
const deadlineMs = 10 * 60_000;

export interface SuiteRequest {
  readonly url: string;
  readonly revision: Revision;
  /** One scenario instead of all that the revision requires. */
  readonly scenario?: string | undefined;
}

export interface SuiteOutcome extends SuiteResults {
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly output: string;
}

/** Runs the official conformance suite against a URL. */
export async function runSuite({ url, revision, scenario }: SuiteRequest): Promise<SuiteOutcome> {
  const folder = await mkdtemp(join(tmpdir(), "mcpproxy-conformance-"));
  const selection = scenario === undefined ? ["--requirements", revision] : selectionOf({ scenario, revision });
  const startedAt = performance.now();
  const suite = startProcess({
    program: process.execPath,
    args: [program, "server", "--url", url, ...selection, "-o", folder],
  });
  const timer = setTimeout(() => suite.signal("SIGKILL"), deadlineMs);
  const { code } = await suite.exited;
  clearTimeout(timer);
  const results = await readResults(folder);
  await rm(folder, { recursive: true, force: true });
  return { ...results, exitCode: code, durationMs: performance.now() - startedAt, output: suite.output() };
}

function selectionOf({ scenario, revision }: { readonly scenario: string; readonly revision: Revision }) {
  return ["--scenario", scenario, "--spec-version", revision];
}
