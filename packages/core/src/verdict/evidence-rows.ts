import { formatBytes } from "../format/bytes.ts";
import type { EngineEvent, ExitEvidence, StopIntent } from "./exit-evidence.ts";
import type { ExitFacts } from "./exit-facts.ts";
import { signalName } from "./signals.ts";
import { plainLines } from "./telling-line.ts";
import type { EvidenceRow } from "./verdict.ts";

/** The engine's events of the given kinds, in order. */
export function eventRows(facts: ExitFacts, actions: readonly EngineEvent["action"][]): readonly EvidenceRow[] {
  return facts.evidence.events
    .filter(({ action }) => actions.includes(action))
    .map((event) => ({ source: "event", at: event.at, text: describeEvent(event) }));
}

/** What inspect (or the operating system) says about the end. */
export function inspectRow(facts: ExitFacts): readonly EvidenceRow[] {
  const { evidence, exitCode, signal } = facts;
  if (evidence.isolation === "remote") return connectionRow(evidence);
  const parts = [
    exitCode === undefined ? "exit code unknown" : `exit code ${exitCode}`,
    ...(signal === undefined ? [] : [signalName(signal)]),
    ...(evidence.isolation === "docker"
      ? [`state ${evidence.containerState}`, `OOMKilled=${evidence.isOomFlagSet}`]
      : []),
    ...(evidence.stateError === undefined ? [] : [`error: ${evidence.stateError}`]),
  ];
  return [{ source: "inspect", at: evidence.endedAt, text: parts.join(", ") }];
}

/** A remote server has no exit code that anybody could see. */
function connectionRow({ endedAt, stateError }: ExitEvidence): readonly EvidenceRow[] {
  return stateError === undefined ? [] : [{ source: "connection", at: endedAt, text: stateError }];
}

export function memoryRow({ evidence }: ExitFacts): readonly EvidenceRow[] {
  const { limitBytes, peakBytes, peakSource } = evidence.memory;
  if (limitBytes === undefined && peakBytes === undefined) return [];
  const by = peakSource === undefined ? "" : ` (${peakSource === "kernel" ? "by the kernel" : "in the readings"})`;
  const peak = peakBytes === undefined ? "peak not measured" : `peak ${formatBytes(peakBytes)}${by}`;
  const share =
    peakBytes === undefined || limitBytes === undefined ? "" : ` (${Math.round((100 * peakBytes) / limitBytes)} %)`;
  return [
    { source: "memory", text: limitBytes === undefined ? peak : `${peak}, limit ${formatBytes(limitBytes)}${share}` },
  ];
}

export function intentRows({ evidence }: ExitFacts): readonly EvidenceRow[] {
  return evidence.intents.map((intent) => ({ source: "intent", at: intent.at, text: describeIntent(intent) }));
}

export function stepRows({ evidence }: ExitFacts): readonly EvidenceRow[] {
  const words = { "stdin-closed": "closed stdin", sigterm: "sent SIGTERM", sigkill: "sent SIGKILL" } as const;
  return evidence.stopSteps.map(({ at, step }) => ({ source: "stop-step", at, text: `MCPProxy ${words[step]}` }));
}

export function gapRow({ evidence }: ExitFacts): readonly EvidenceRow[] {
  const gap = evidence.eventGap;
  return gap === undefined
    ? []
    : [{ source: "engine", at: gap.from, text: `no events from Docker between ${gap.from} and ${gap.to}` }];
}

export function stderrRows(lines: readonly string[]): readonly EvidenceRow[] {
  return lines.map((text) => ({ source: "stderr", text }));
}

/** The last lines of stderr that say something. */
export function lastLines(evidence: ExitEvidence, count: number): readonly string[] {
  return plainLines(evidence.stderrTail).slice(-count);
}

/** Docker's own word first, so that the row can be found again in `docker events`. */
const eventWords: Partial<Record<EngineEvent["action"], string>> = {
  oom: "oom: the kernel ended a process of the container, its memory limit was reached",
  die: "die: the main process ended",
  kill: "kill: a signal was sent,",
};

function describeEvent(event: EngineEvent): string {
  const signal = event.signal === undefined ? "" : ` ${signalName(event.signal)}`;
  const exitCode = event.exitCode === undefined ? "" : `, exit code ${event.exitCode}`;
  return `${eventWords[event.action] ?? event.action}${signal}${exitCode}`;
}

function describeIntent({ actor, reason }: StopIntent): string {
  const why =
    reason.kind === "user"
      ? (reason.note ?? "stop asked for")
      : `${reason.policy.replaceAll("_", " ")}${reason.detail === undefined ? "" : `: ${reason.detail}`}`;
  return `${actor}: ${why}`;
}
