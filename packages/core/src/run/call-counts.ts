/** Calls of one tool, or of one method that names none, added up. */
export interface CallCounts {
  readonly tool: string;
  /** Answered and cancelled; those that were in flight when their run ended are not in it. */
  readonly calls: number;
  /** JSON-RPC errors and results with isError. */
  readonly errors: number;
  readonly cancelled: number;
  /** Of the answered. */
  readonly totalMs: number;
  readonly maxMs: number;
  /** How many took how long, by `latencyBucketOf`; may be shorter than there are buckets. */
  readonly buckets: readonly number[];
}

/** The same in figures for people. Times are of answered calls; null when there are none. */
export interface ToolCallStats {
  readonly tool: string;
  readonly calls: number;
  readonly errors: number;
  readonly cancelled: number;
  readonly averageMs: number | null;
  /** Within about ±10 %. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
}

/** What is counted together once a run has too many different tools. */
export const otherTools = "(other)";

const firstBoundMs = 0.25;
const bucketsPerDoubling = 2;
/** The last one, above six minutes, is open. */
const lastBucket = 41;

/** The bucket of a latency: two for each doubling, from a quarter of a millisecond. */
export function latencyBucketOf(durationMs: number): number {
  if (durationMs <= firstBoundMs) return 0;
  return Math.min(lastBucket, Math.ceil(bucketsPerDoubling * Math.log2(durationMs / firstBoundMs)));
}

/** Adds up counts of the same tool; the tools with most calls first. */
export function mergeCallCounts(all: Iterable<CallCounts>): readonly CallCounts[] {
  const byTool = new Map<string, CallCounts>();
  for (const counts of all) {
    const before = byTool.get(counts.tool);
    byTool.set(counts.tool, before === undefined ? counts : sumOf(before, counts));
  }
  return [...byTool.values()].toSorted((one, other) => other.calls - one.calls || (one.tool < other.tool ? -1 : 1));
}

/** The figures of some counts. */
export function toolCallStats({ tool, calls, errors, cancelled, totalMs, maxMs, buckets }: CallCounts): ToolCallStats {
  const answered = calls - cancelled;
  const quantile = (share: number): number | null => {
    const durationMs = latencyQuantile(buckets, share);
    return durationMs === null ? null : inMicroseconds(Math.min(durationMs, maxMs));
  };
  return {
    tool,
    calls,
    errors,
    cancelled,
    averageMs: answered === 0 ? null : inMicroseconds(totalMs / answered),
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    maxMs: answered === 0 ? null : inMicroseconds(maxMs),
  };
}

function sumOf(one: CallCounts, other: CallCounts): CallCounts {
  const [longer, shorter] =
    one.buckets.length >= other.buckets.length ? [one.buckets, other.buckets] : [other.buckets, one.buckets];
  return {
    tool: one.tool,
    calls: one.calls + other.calls,
    errors: one.errors + other.errors,
    cancelled: one.cancelled + other.cancelled,
    totalMs: one.totalMs + other.totalMs,
    maxMs: Math.max(one.maxMs, other.maxMs),
    buckets: longer.map((count, index) => count + (shorter[index] ?? 0)),
  };
}

/** The latency that this share of the calls stays under; null without calls. */
function latencyQuantile(buckets: readonly number[], share: number): number | null {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const wanted = share * total;
  let below = 0;
  for (const [index, count] of buckets.entries()) {
    if (below + count >= wanted && count > 0) return boundMs(index - 1 + (wanted - below) / count);
    below += count;
  }
  return boundMs(buckets.length - 1);
}

/** The upper bound of a bucket, or of a part of it. */
function boundMs(bucket: number): number {
  return bucket < 0 ? firstBoundMs * (bucket + 1) : firstBoundMs * 2 ** (bucket / bucketsPerDoubling);
}

function inMicroseconds(durationMs: number): number {
  return Math.round(durationMs * 1_000) / 1_000;
}
