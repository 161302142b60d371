import { parseDockerRun } from "../../plan/docker-run-command.ts";
import { formatBytes } from "../../format/bytes.ts";
import { eventRows, inspectRow, memoryRow, stderrRows } from "../evidence-rows.ts";
import { endTimeMs, isEndUnwatched, type ExitFacts } from "../exit-facts.ts";
import { nextMemoryLimit } from "../next-memory-limit.ts";
import { sigkill } from "../signals.ts";
import type { Verdict } from "../verdict.ts";

/** The engine tells of an OOM 30 to 95 ms before the end; one much earlier was a child's, and the end has another cause. */
const oomToEndMs = 5000;
const nearLimitShare = 0.95;
const v8HeapError = /JavaScript heap out of memory|Reached heap limit Allocation failed/;
const pythonMemoryError = /^MemoryError\b/;

/** The kernel killed the main process at the container's limit, and nobody else sent a SIGKILL. */
export function oomKilled(facts: ExitFacts): Verdict | undefined {
  const { evidence, oomEvent } = facts;
  if (!facts.hasOom || facts.exitCode !== 128 + sigkill || facts.hasOurSigkill || hasOutsideSigkill(facts))
    return undefined;
  if (oomEvent !== undefined && endTimeMs(evidence) - Date.parse(oomEvent.at) > oomToEndMs) return undefined;
  if (facts.intent !== undefined && !isBefore(oomEvent?.at, facts.intent.at)) return undefined;
  const isSeenOnlyAfterwards = oomEvent === undefined && evidence.eventGap !== undefined;
  return {
    kind: "oom_killed",
    confidence: isSeenOnlyAfterwards ? "likely" : "certain",
    summary: `Out of memory: killed${atLimit(facts)}.`,
    remedy: raiseLimit(facts),
    evidence: [...eventRows(facts, ["oom", "die"]), ...inspectRow(facts), ...memoryRow(facts)],
  };
}

/** Something in the container was killed for memory, but the main process ended otherwise or still runs. */
export function oomChild(facts: ExitFacts): Verdict | undefined {
  const { exitCode } = facts;
  if (!facts.hasOom || exitCode === 128 + sigkill) return undefined;
  const outcome = exitCode === undefined ? "went on" : `exited with code ${exitCode}`;
  return {
    kind: "oom_child",
    confidence: "certain",
    summary: `A child process ran out of memory${atLimit(facts)}; the server ${outcome}.`,
    remedy: raiseLimit(facts),
    evidence: [...eventRows(facts, ["oom", "die"]), ...inspectRow(facts), ...memoryRow(facts)],
  };
}

/** Killed near its limit without an OOM flag, as some hosts with cgroup v2 do. */
export function oomLikely(facts: ExitFacts): Verdict | undefined {
  const { limitBytes, peakBytes } = facts.evidence.memory;
  if (!isUnexplainedSigkill(facts) || limitBytes === undefined || peakBytes === undefined) return undefined;
  if (peakBytes < nearLimitShare * limitBytes) return undefined;
  return {
    kind: "oom_likely",
    confidence: "likely",
    summary: `Probably out of memory: killed with ${formatBytes(peakBytes)} in use, the limit is ${formatBytes(limitBytes)}.`,
    remedy: raiseLimit(facts),
    evidence: [...eventRows(facts, ["die"]), ...inspectRow(facts), ...memoryRow(facts)],
  };
}

/** Several containers were killed at once, this one far from its limit: the host itself ran short. */
export function hostOom(facts: ExitFacts): Verdict | undefined {
  const others = facts.evidence.otherDeathsInSameSecond;
  if (!isUnexplainedSigkill(facts) || others < 1) return undefined;
  return {
    kind: "host_oom",
    confidence: "likely",
    summary: `The host probably ran out of memory: ${others} other ${others === 1 ? "container was" : "containers were"} killed in the same second.`,
    remedy: "Look into the host's kernel log (dmesg) and lower the sum of the memory limits.",
    evidence: [
      ...eventRows(facts, ["die"]),
      ...inspectRow(facts),
      ...memoryRow(facts),
      {
        source: "engine",
        text: `${others} other ${others === 1 ? "container" : "containers"} of this instance got a SIGKILL within the same second, without an OOM event or a docker command`,
      },
    ],
  };
}

/** The runtime gave up at its own heap limit; the container's limit is not the cause. */
export function oomHeap(facts: ExitFacts): Verdict | undefined {
  const { stderrTail } = facts.evidence;
  const isV8 = facts.exitCode === 134 || facts.exitCode === 139;
  const pattern = isV8 ? v8HeapError : facts.exitCode === 1 ? pythonMemoryError : undefined;
  const line = pattern === undefined ? undefined : stderrTail.findLast((text) => pattern.test(text.trim()));
  if (line === undefined || facts.hasOom) return undefined;
  return {
    kind: "oom_heap",
    confidence: "certain",
    summary: `The runtime's own heap limit was reached${isV8 ? " (JavaScript heap out of memory)" : " (Python MemoryError)"}; the container's limit is not the cause.`,
    remedy: isV8
      ? 'Raise it with "env": { "NODE_OPTIONS": "--max-old-space-size=<MiB>" }, below the memory limit of the container.'
      : "Give the server less data at once, or raise the limit that its process runs under.",
    evidence: [...inspectRow(facts), ...stderrRows([line]), ...memoryRow(facts)],
  };
}

/** 137 that no flag, no intent and no event explains, while the events were seen. */
function isUnexplainedSigkill(facts: ExitFacts): boolean {
  const { evidence } = facts;
  const isWatchedContainer = evidence.isolation === "docker" && !isEndUnwatched(evidence);
  return (
    isWatchedContainer &&
    facts.exitCode === 128 + sigkill &&
    !facts.hasOom &&
    !facts.hasOurSigkill &&
    facts.outsideKills.length === 0
  );
}

function hasOutsideSigkill(facts: ExitFacts): boolean {
  return facts.outsideKills.some(({ signal }) => signal === undefined || signal === sigkill);
}

function isBefore(left: string | undefined, right: string): boolean {
  return left !== undefined && Date.parse(left) < Date.parse(right);
}

function atLimit({ evidence }: ExitFacts): string {
  const { limitBytes } = evidence.memory;
  return limitBytes === undefined ? "" : ` at the ${formatBytes(limitBytes)} limit`;
}

/** The need of a killed process is unknown, so the advice never is less than twice its limit. */
function raiseLimit({ evidence }: ExitFacts): string {
  const { limitBytes } = evidence.memory;
  const example = limitBytes === undefined ? "" : `, for example to ${nextMemoryLimit(limitBytes)}`;
  const isDockerRun = parseDockerRun(evidence.command) !== undefined;
  const what = isDockerRun ? "-m (--memory) in the docker command" : "isolation.memory_limit";
  return `Raise ${what} of this server${example}.`;
}
