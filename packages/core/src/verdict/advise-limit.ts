import { formatBytes } from "../format/bytes.ts";
import { memoryStepFrom } from "./memory-step.ts";
import type { VerdictKind } from "./verdict.ts";

const dayMs = 86_400_000;
/** Older kills say little about the server as it is now. */
const killsCountForMs = 7 * dayMs;
/** So many runs, or so many days of them, are enough to know what a server needs. */
const enoughRuns = 20;
const enoughMs = 3 * dayMs;
const generousFactor = 4;
const reserveFactor = 1.5;
/** Below, a start of npm or uv alone may not fit. */
const smallestAdviceBytes = 64 * 1024 ** 2;
const memoryKills: readonly (VerdictKind | null)[] = ["oom_killed", "oom_likely", "oom_child"];

/** What one ended run tells about the memory that its server needs. */
export interface MemoryUse {
  readonly verdict: VerdictKind | null;
  /** Null without a limit. */
  readonly limitBytes: number | null;
  readonly peakBytes: number | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** A better memory limit for a server, and what it rests on. */
export interface LimitAdvice {
  readonly direction: "raise" | "lower";
  /** The limit of now. */
  readonly limitBytes: number;
  readonly suggestedBytes: number;
  /** For `memory_limit`, such as "1.5g". */
  readonly setting: string;
  /** The highest peak of runs that were not killed for memory; null when all were. */
  readonly highestPeakBytes: number | null;
  /** True when runs were killed at the limit: what they would have needed is unknown. */
  readonly isPeakCensored: boolean;
  /** Runs killed for memory that the advice rests on. */
  readonly memoryKills: number;
  /** Runs that were looked at. */
  readonly runs: number;
  /** One or two sentences for people. */
  readonly summary: string;
}

/**
 * Suggests a memory limit from what past runs used; undefined when the limit fits, or too little is known.
 * @param input.limitBytes the limit of now
 * @param input.livePeakBytes the peak up to now of the run that lives
 */
export function adviseLimit(input: {
  readonly limitBytes: number;
  readonly uses: readonly MemoryUse[];
  readonly livePeakBytes?: number | undefined;
  readonly nowMs: number;
}): LimitAdvice | undefined {
  const known = input.uses.filter(({ limitBytes }) => limitBytes !== null);
  const kills = known.filter(({ verdict }) => memoryKills.includes(verdict));
  const peaks = known.flatMap(({ verdict, peakBytes }) =>
    peakBytes === null || memoryKills.includes(verdict) ? [] : [peakBytes],
  );
  const highestPeakBytes = highest([...peaks, ...(input.livePeakBytes === undefined ? [] : [input.livePeakBytes])]);
  const facts = { ...input, kills, peaks, highestPeakBytes, runs: known.length };
  return adviseMore(facts) ?? adviseLess(facts);
}

interface Facts {
  readonly limitBytes: number;
  readonly uses: readonly MemoryUse[];
  readonly kills: readonly MemoryUse[];
  /** Of runs that were not killed for memory. */
  readonly peaks: readonly number[];
  readonly highestPeakBytes: number | null;
  readonly runs: number;
  readonly nowMs: number;
}

function adviseMore({ limitBytes, kills, highestPeakBytes, runs, nowMs }: Facts): LimitAdvice | undefined {
  // Kills at a lower limit were answered by the limit of now.
  const recent = kills.filter(
    (kill) => (kill.limitBytes ?? 0) >= limitBytes && nowMs - kill.endedAtMs <= killsCountForMs,
  );
  const diedAtBytes = highest(recent.map((kill) => kill.limitBytes ?? 0));
  if (diedAtBytes === null) return undefined;
  const step = memoryStepFrom(Math.max(2 * diedAtBytes, reserveFactor * (highestPeakBytes ?? 0)));
  const isToday = recent.every(({ endedAtMs }) => nowMs - endedAtMs <= dayMs);
  const times = recent.length === 1 ? "Out of memory once" : `${recent.length} times out of memory`;
  return {
    direction: "raise",
    limitBytes,
    suggestedBytes: step.bytes,
    setting: step.setting,
    highestPeakBytes,
    isPeakCensored: true,
    memoryKills: recent.length,
    runs,
    summary: `${times} in ${isToday ? "24 h" : "7 days"} at ${formatBytes(limitBytes)}. What it would have needed is unknown, because it was killed at the limit; suggested is ${formatBytes(step.bytes)}, at least twice that limit.`,
  };
}

function adviseLess({ limitBytes, uses, kills, peaks, highestPeakBytes, nowMs }: Facts): LimitAdvice | undefined {
  const begunMs = Math.min(...uses.map(({ startedAtMs }) => startedAtMs));
  if (highestPeakBytes === null || peaks.length === 0) return undefined;
  if (peaks.length < enoughRuns && nowMs - begunMs < enoughMs) return undefined;
  if (limitBytes < generousFactor * highestPeakBytes) return undefined;
  const diedAtBytes = highest(kills.map((kill) => kill.limitBytes ?? 0)) ?? 0;
  const step = memoryStepFrom(Math.max(reserveFactor * highestPeakBytes, 2 * diedAtBytes, smallestAdviceBytes));
  if (2 * step.bytes > limitBytes) return undefined;
  return {
    direction: "lower",
    limitBytes,
    suggestedBytes: step.bytes,
    setting: step.setting,
    highestPeakBytes,
    isPeakCensored: kills.length > 0,
    memoryKills: 0,
    runs: peaks.length,
    summary: `Its limit of ${formatBytes(limitBytes)} is far above what it uses: ${peaks.length} ${peaks.length === 1 ? "run" : "runs"} peaked at ${formatBytes(highestPeakBytes)} at most. ${formatBytes(step.bytes)} would still leave half as much again.`,
  };
}

function highest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
