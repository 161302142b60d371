import { latencyBucketOf, otherTools, type CallCounts } from "@mcpproxy/core/run/call-counts";

/** A client's call that is over. */
export interface EndedCall {
  readonly method: string;
  /** The tool of tools/call, the prompt of prompts/get. */
  readonly name: string | undefined;
  /** "failed" is a JSON-RPC error or a result with isError. */
  readonly outcome: "answered" | "failed" | "cancelled";
  readonly durationMs: number;
}

/** Names come from clients and may be any: what is over the bound is counted together. */
const toolsMax = 200;
const nameLengthMax = 128;

type Tally = { -readonly [Field in keyof Omit<CallCounts, "buckets">]: CallCounts[Field] } & {
  readonly buckets: number[];
};

/** Counts calls by tool in memory; a call costs a look-up and some additions. */
export class CallTally {
  private readonly tallies = new Map<string, Tally>();

  get isEmpty(): boolean {
    return this.tallies.size === 0;
  }

  note({ method, name, outcome, durationMs }: EndedCall): void {
    const tally = this.tallyOf(method === "tools/call" && name !== undefined ? name : method);
    tally.calls += 1;
    if (outcome === "cancelled") {
      tally.cancelled += 1;
      return;
    }
    if (outcome === "failed") tally.errors += 1;
    tally.totalMs += durationMs;
    if (durationMs > tally.maxMs) tally.maxMs = durationMs;
    const bucket = latencyBucketOf(durationMs);
    while (tally.buckets.length <= bucket) tally.buckets.push(0);
    tally.buckets[bucket] = (tally.buckets[bucket] ?? 0) + 1;
  }

  /** What was counted so far, as it will stay. */
  read(): readonly CallCounts[] {
    return [...this.tallies.values()].map((tally) => ({ ...tally, buckets: [...tally.buckets] }));
  }

  clear(): void {
    this.tallies.clear();
  }

  private tallyOf(wanted: string): Tally {
    const existing = this.tallies.get(wanted);
    if (existing !== undefined) return existing;
    const tool = this.tallies.size < toolsMax && wanted.length <= nameLengthMax && wanted !== "" ? wanted : otherTools;
    const other = this.tallies.get(tool);
    if (other !== undefined) return other;
    const added: Tally = { tool, calls: 0, errors: 0, cancelled: 0, totalMs: 0, maxMs: 0, buckets: [] };
    this.tallies.set(tool, added);
    return added;
  }
}
