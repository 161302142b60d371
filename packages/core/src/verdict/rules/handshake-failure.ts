import { assertNever } from "../../assert-never.ts";
import { formatDuration } from "../../format/duration.ts";
import { eventRows, inspectRow, lastLines, stderrRows } from "../evidence-rows.ts";
import type { ExitFacts } from "../exit-facts.ts";
import { asSentence } from "../sentence.ts";
import { sigkill, signalName } from "../signals.ts";
import { tellingLine } from "../telling-line.ts";
import type { EvidenceRow, Verdict } from "../verdict.ts";

const shownLines = 5;
const packageRunners: ReadonlySet<string> = new Set(["npx", "npm", "pnpm", "bunx", "uvx", "uv", "pip", "pipx"]);

/** The process ran but gave no valid answer to MCP initialize, so we ended it ourselves: how it then ended says nothing. */
export function initializeUnanswered(facts: ExitFacts): Verdict | undefined {
  const { failure } = facts.evidence;
  return failure?.stage === "handshake" && failure.cause !== "exited" ? answerFailed(facts, failure) : undefined;
}

/** The process ended by itself before it had answered MCP initialize. */
export function exitedBeforeInitialize(facts: ExitFacts): Verdict | undefined {
  const { failure } = facts.evidence;
  const hasExited = facts.exitCode !== undefined && facts.evidence.stopSteps.length === 0;
  const isExit = failure?.stage === "handshake" || (failure === undefined && !facts.wasReady && hasExited);
  // A kill before the answer is explained by the rules about kills.
  if (!isExit || facts.signal === sigkill) return undefined;
  return {
    kind: "handshake_failed",
    confidence: "certain",
    summary: `Exited before initialize${exitWords(facts)}${quotedStderr(facts)}`,
    remedy: "Run the command by hand to see what it needs: missing arguments and variables are the usual cause.",
    evidence: rows(facts),
  };
}

interface AnswerFailure {
  readonly cause: "timed_out" | "invalid_answer" | "error_answer" | "exited";
  readonly message: string;
}

function answerFailed(facts: ExitFacts, failure: AnswerFailure): Verdict {
  const isTimeout = failure.cause === "timed_out";
  return {
    kind: "handshake_failed",
    confidence: "certain",
    summary: answerWords(facts, failure),
    remedy: isTimeout
      ? timeoutRemedy(facts)
      : "Check that the command is an MCP server that speaks over stdio and writes nothing else to stdout.",
    evidence: [
      { source: "handshake", text: `${failure.cause.replaceAll("_", " ")}: ${failure.message}` },
      ...rows(facts),
    ],
  };
}

function answerWords(facts: ExitFacts, { cause, message }: AnswerFailure): string {
  switch (cause) {
    case "timed_out":
      return `${asSentence(message)}${stderrAfterStop(facts)}`;
    case "invalid_answer":
      return `Its answer to initialize is not valid MCP: ${asSentence(message)}`;
    case "error_answer":
      return `It answered initialize with an error: ${asSentence(message)}`;
    case "exited":
      return asSentence(message);
    default:
      return assertNever(cause);
  }
}

function exitWords({ exitCode, signal, evidence }: ExitFacts): string {
  const aliveMs = Date.parse(evidence.endedAt) - Date.parse(evidence.startedAt);
  const after = aliveMs >= 0 ? ` after ${formatDuration(aliveMs)}` : "";
  if (exitCode === undefined) return after;
  return signal === undefined ? ` with code ${exitCode}${after}` : ` by ${signalName(signal)} (${exitCode})${after}`;
}

function quotedStderr({ evidence }: ExitFacts): string {
  const line = tellingLine(evidence.stderrTail);
  return line === undefined ? ", without a word on stderr." : `: ${asSentence(line)}`;
}

function stderrAfterStop({ evidence }: ExitFacts): string {
  const line = tellingLine(evidence.stderrTail);
  return line === undefined ? "" : ` Its stderr says: ${asSentence(line)}`;
}

function timeoutRemedy({ evidence: { network, command } }: ExitFacts): string {
  return network === "none" && packageRunners.has(command[0] ?? "")
    ? 'Set "network_mode": "bridge" for this server, or use an image that holds the package: network_mode is none, so nothing can be downloaded.'
    : "Check that it is an MCP server that speaks over stdio; if it only starts slowly, raise timeout in its isolation.";
}

function rows(facts: ExitFacts): readonly EvidenceRow[] {
  return [...eventRows(facts, ["die"]), ...inspectRow(facts), ...stderrRows(lastLines(facts.evidence, shownLines))];
}
