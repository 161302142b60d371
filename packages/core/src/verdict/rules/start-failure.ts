import type { RunIsolation } from "../../run/run-record.ts";
import { eventRows, inspectRow, lastLines, stderrRows } from "../evidence-rows.ts";
import type { ExitFacts } from "../exit-facts.ts";
import { asSentence } from "../sentence.ts";
import { plainLines } from "../telling-line.ts";
import type { Verdict } from "../verdict.ts";

const notFound = /executable file not found|no such file or directory|not found|ENOENT/i;
const notExecutable = /permission denied|not executable|exec format error|EACCES/i;
/** MCPProxy looked into the container before the start; what follows the sentence is the remedy. */
const probedProgram = /^(The image \S+ has no "[^"]+"\.)(?: (.+))?$/s;
/** The init process tells in this form that it could not start the program. */
const initFailure = /exec (\S+) failed: (.+)$/;
const shellNotFound = /(?:^|: )(?:line )?\d*:? ?([^\s:]+): (?:command )?not found$/;

/** The program never ran: it is not in the image, or the container could not be created or started. */
export function startFailed(facts: ExitFacts): Verdict | undefined {
  const reason = startFailure(facts);
  if (reason === undefined) return undefined;
  return {
    kind: "start_failed",
    confidence: "certain",
    ...describe(facts, reason),
    evidence: [
      ...eventRows(facts, ["die"]),
      ...inspectRow(facts),
      { source: "engine", text: reason },
      ...stderrRows(lastLines(facts.evidence, 3)),
    ],
  };
}

/** The engine's or the shell's own words for why the program did not start. */
function startFailure({ evidence, exitCode, wasReady }: ExitFacts): string | undefined {
  const { failure, stateError } = evidence;
  if (failure?.stage === "create" || failure?.stage === "start") return failure.message;
  if (evidence.containerState === "created" && stateError !== undefined && stateError !== "") return stateError;
  if (wasReady || (exitCode !== 125 && exitCode !== 126 && exitCode !== 127)) return undefined;
  const lines = plainLines(evidence.stderrTail);
  // A program that did run may use these codes itself: without such a line its own words are what to show.
  const line = lines.findLast((candidate) => missingProgram(candidate) !== undefined);
  return stateError || (line ?? (lines.length === 0 ? `exit code ${exitCode}` : undefined));
}

function describe(facts: ExitFacts, reason: string): { readonly summary: string; readonly remedy: string } {
  const { evidence, exitCode } = facts;
  const [, probed, advice] = probedProgram.exec(reason) ?? [];
  if (probed !== undefined) return { summary: probed, remedy: advice ?? missingRemedy("docker") };
  if (evidence.isolation !== "docker" && evidence.failure !== undefined) return describeHost(reason);
  const where =
    evidence.isolation === "docker" ? `in the image ${evidence.image ?? "of the server"}` : "on this machine";
  const program = missingProgram(reason) ?? evidence.command[0] ?? "the command";
  const isCreateFailure = evidence.failure?.stage === "create";
  if (!isCreateFailure && notExecutable.test(reason)) {
    return {
      summary: `Command cannot be executed ${where}: ${program}.`,
      remedy: "Check that it is a program for this platform and has the right to be executed.",
    };
  }
  if (!isCreateFailure && (exitCode === 127 || isMissingCommand(reason))) {
    return { summary: `Command not found ${where}: ${program}.`, remedy: missingRemedy(evidence.isolation) };
  }
  const verb = isCreateFailure ? "created" : "started";
  const what = evidence.isolation === "docker" ? "container" : "process";
  return {
    summary: `The ${what} could not be ${verb}: ${asSentence(reason)}`,
    remedy: "Check image, limits, volumes, devices, network and working_dir in the isolation of this server.",
  };
}

/** The host engine's words are for people already; what follows the first sentence is advice, which the remedy gives. */
function describeHost(reason: string): { readonly summary: string; readonly remedy: string } {
  const firstSentence = /^.*?\.(?=\s+[A-Z])/s.exec(reason)?.[0];
  return { summary: asSentence(firstSentence ?? reason), remedy: missingRemedy("none") };
}

function missingProgram(reason: string): string | undefined {
  return /exec: "([^"]+)"/.exec(reason)?.[1] ?? initFailure.exec(reason)?.[1] ?? shellNotFound.exec(reason)?.[1];
}

/** A missing mount or working directory also reads "no such file or directory", but names no program. */
function isMissingCommand(reason: string): boolean {
  return notFound.test(reason) && (/exec: |\bspawn\b|\$PATH/.test(reason) || initFailure.test(reason));
}

function missingRemedy(isolation: RunIsolation): string {
  return isolation === "docker"
    ? 'Choose an image that holds it with "isolation": { "image": "name:tag" }, or correct "command".'
    : 'Install it, or correct "command" (a full path always works).';
}
