import { formatBytes } from "../format/bytes.ts";
import { formatDuration } from "../format/duration.ts";
import { describeExit } from "./describe-exit.ts";
import type { ExitEvidence } from "./exit-evidence.ts";
import { beforeEndMs, exitSignal, hasOom, hasOomAtDeath, hasSentSigkill, hasStep, isEndUnwatched, isSigkilled } from "./exit-facts.ts";
import type { Judgement, Rule } from "./judgement.ts";
import { nextMemoryLimit } from "./next-memory-limit.ts";

const nearLimit = 0.95;
const wentOnMs = 5_000;
const heapSignals: ReadonlySet<number | undefined> = new Set([6, 11]);

/** The kernel killed the main process at the limit. A child's earlier death leaves the same flag, so a kill that is known comes first. */
export const judgeOomKilled: Rule = (evidence) => {
  if (!isSigkilled(evidence) || !hasOom(evidence)) return undefined;
  if (hasSentSigkill(evidence) && !hasOomAtDeath(evidence)) return undefined;
  return { kind: "oom_killed", confidence: "certain", summary: `Out of memory: killed${atLimit(evidence)}.`, remedy: raiseLimit(evidence) };
};

/** Something of the container was killed for memory, but not the main process. */
export const judgeOomChild: Rule = (evidence) => {
  if (!hasOom(evidence)) return undefined;
  const oomAt = evidence.events.findLast(({ action }) => action === "oom")?.at;
  const laterMs = oomAt === undefined ? 0 : beforeEndMs(evidence, oomAt);
  const later = laterMs > wentOnMs ? ` ${formatDuration(laterMs)} later` : "";
  return {
    kind: "oom_child",
    confidence: "certain",
    summary: `A child process ran out of memory${atLimit(evidence)}; the server ${describeExit(evidence)}${later}.`,
    remedy: raiseLimit(evidence),
  };
};

/** Killed close to the limit without a word from the engine, as some hosts with cgroup v2 do. */
export const judgeOomLikely: Rule = (evidence) => {
  if (!isUnexplainedKill(evidence) || !isNearLimit(evidence)) return undefined;
  const { peakBytes = 0, limitBytes = 0 } = evidence.memory;
  return {
    kind: "oom_likely",
    confidence: "likely",
    summary: `Probably out of memory: killed with a peak of ${formatBytes(peakBytes)} at the ${formatBytes(limitBytes)} limit.`,
    remedy: raiseLimit(evidence),
  };
};

/** Several killed at once, none at its own limit. */
export const judgeHostOom: Rule = (evidence) => {
  const others = evidence.otherDeathsInSameSecond;
  if (!isUnexplainedKill(evidence) || others === 0) return undefined;
  return {
    kind: "host_oom",
    confidence: "likely",
    summary: `The host probably ran out of memory: ${others} other ${others === 1 ? "server" : "servers"} died within the same second.`,
    remedy: "Look for \"Out of memory\" in the host's kernel log (dmesg); lower the memory_limit of the servers or give the host more memory.",
  };
};

/** The runtime gave up at its own heap limit; the container had memory left. */
export const judgeOomHeap: Rule = (evidence) => {
  const v8Line = evidence.stderrTail.findLast((line) => line.includes("JavaScript heap out of memory"));
  if (v8Line !== undefined && heapSignals.has(exitSignal(evidence))) return heapJudgement(v8Line, v8Remedy(evidence));
  const pythonLine = evidence.stderrTail.findLast((line) => /^MemoryError\b/.test(line));
  if (pythonLine !== undefined && evidence.exitCode === 1) return heapJudgement(pythonLine, pythonRemedy);
  return undefined;
};

const pythonRemedy = "Python was refused memory: look for a large allocation in the lines above, or for a limit such as ulimits.";

function heapJudgement(line: string, remedy: string): Judgement {
  return {
    kind: "oom_heap",
    confidence: "certain",
    summary: "The runtime's own heap limit was reached; the container's limit is not the cause.",
    remedy,
    stderrLines: [line],
  };
}

function v8Remedy({ memory: { limitBytes } }: ExitEvidence): string {
  const bound = limitBytes === undefined ? "" : ` and below its limit of ${formatBytes(limitBytes)}`;
  return `Set NODE_OPTIONS to --max-old-space-size=MIB in env of this server, above the present heap${bound}; raise isolation.memory_limit with it.`;
}

function isUnexplainedKill(evidence: ExitEvidence): boolean {
  return isSigkilled(evidence) && !hasOom(evidence) && !hasSentSigkill(evidence) && !hasStep(evidence, "sigterm") && !isEndUnwatched(evidence);
}

function isNearLimit({ memory: { limitBytes, peakBytes } }: ExitEvidence): boolean {
  return limitBytes !== undefined && peakBytes !== undefined && peakBytes >= nearLimit * limitBytes;
}

function atLimit({ memory: { limitBytes } }: ExitEvidence): string {
  return limitBytes === undefined ? "" : ` at the ${formatBytes(limitBytes)} limit`;
}

function raiseLimit({ memory: { limitBytes } }: ExitEvidence): string {
  const example = limitBytes === undefined ? "" : `, for example to ${nextMemoryLimit(limitBytes)}`;
  return `Raise isolation.memory_limit of this server${example}.`;
}
