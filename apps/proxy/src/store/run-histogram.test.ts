import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { describe, expect, test } from "vitest";
import type { RunFilter, Store } from "./store.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

const hourMs = 3_600_000;
const startMs = Date.parse("2026-11-20T22:30:00.000Z");
const at = (hour: number): string => new Date(startMs + hour * hourMs).toISOString();
const kinds = ["app_error", "oom_killed", "completed"] as const;

describe("histogram", () => {
  test.each<[string, RunFilter, number]>([
    ["all of it", {}, 80],
    ["whole days", {}, 10],
    ["a few days in one", {}, 3],
    ["a server and a verdict", { server: ["a", "b"], verdict: "oom_killed" }, 20],
    ["days with parts at both ends", { from: at(3), to: at(80) }, 6],
    ["a text over days", { text: "oom" }, 5],
    ["a part of a day", { from: at(3), to: at(9) }, 40],
    ["up to now", { from: at(60) }, 10],
    ["a text", { text: "oom" }, 12],
    ["nothing", { server: "nobody" }, 12],
  ])("of %s counts the runs themselves", async (_name, filter, maxBuckets) => {
    await using temporary = await openTemporaryStore();
    const runs = Array.from({ length: 90 }, (_unused, index) => mixedRun(index));
    for (const run of runs) await temporary.store.runs.create(run, testOwner);
    const { bucketMs, buckets } = await temporary.store.runs.histogram({ filter, now: at(90), maxBuckets });
    expect(buckets.length).toBeLessThanOrEqual(maxBuckets);
    expect(buckets.every(({ at: time }) => Date.parse(time) % bucketMs === 0)).toBe(true);
    const counted = buckets.map(({ at: time, verdicts }) => [
      time,
      Object.fromEntries(verdicts.map(({ value, runs: amount }) => [value, amount])),
    ]);
    expect(counted).toEqual(await countedOneByOne(temporary.store, { filter, bucketMs, buckets }));
  });

  test("of an empty history has no buckets", async () => {
    await using temporary = await openTemporaryStore();
    const { buckets } = await temporary.store.runs.histogram({ filter: {}, now: at(0), maxBuckets: 10 });
    expect(buckets).toEqual([]);
  });
});

function mixedRun(index: number): RunRecord {
  const kind = kinds[index % 3] ?? "completed";
  return makeRun({
    server: ["a", "b", "c"][index % 3] ?? "a",
    startedAt: at(index),
    ...(index % 7 === 0
      ? { state: "ready" }
      : { state: "ended", verdict: { kind, confidence: "certain", summary: kind, evidence: [] } }),
  });
}

interface Counted {
  readonly filter: RunFilter;
  readonly bucketMs: number;
  readonly buckets: readonly { readonly at: string }[];
}

async function countedOneByOne(store: Store, { filter, bucketMs, buckets }: Counted) {
  const { runs } = await store.runs.list({ ...filter, limit: 500 });
  return buckets.map(({ at: time }) => {
    const beginMs = Date.parse(time);
    const sums = new Map<string, number>();
    for (const run of runs) {
      const startedMs = Date.parse(run.startedAt);
      if (startedMs < beginMs || startedMs >= beginMs + bucketMs) continue;
      const kind = run.verdict?.kind ?? "";
      sums.set(kind, (sums.get(kind) ?? 0) + 1);
    }
    return [time, Object.fromEntries(sums)];
  });
}
