import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunFilter, RunQuery, Store } from "./store.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { countFacetsOf, filterRuns, newestFirst } from "./testing/naive-queries.ts";
import { randomNumbers, type RandomNumbers } from "./testing/random-numbers.ts";
import { openTemporaryStore, type TemporaryStore } from "./testing/temporary-store.ts";

const startMs = Date.parse("2026-11-20T22:30:00.000Z");
const spanMs = 3 * 86_400_000;
const runCount = 700;
const images = ["node:20", "python:3.11", "my/NODE:1", null];
const summaries = [
  "Exited with code 3",
  "Out of memory: killed at the 64 MiB limit.",
  "Stopped by 100% o'Neil",
  "ünï \u0001",
  "",
];
const texts = [
  "node",
  "EXITED",
  "server-1",
  "64 mib",
  "%",
  "_",
  "'",
  "ünï",
  "\u0001",
  "nobody has this",
  "",
  "o",
  "needle",
];
const kinds = verdictKinds.slice(0, 5);
let temporary: TemporaryStore;
let runs: readonly RunRecord[];

beforeAll(async () => {
  temporary = await openTemporaryStore();
  runs = await fill(temporary.store, randomNumbers(1));
}, 120_000);
afterAll(async () => await temporary[Symbol.asyncDispose]());

// Enough groups that all ways of finding a page are taken; a seed each, so that a failure can be had again.
describe.each(Array.from({ length: 60 }, (_unused, index) => index + 2))("with filter %d", (seed) => {
  const random = randomNumbers(seed);
  const filter = randomFilter(random);
  const limit = random.oneOf([1, 2, 7, 50, 500]);

  test(`pages ${JSON.stringify(filter)} are those of a plain loop`, async () => {
    const expected = filterRuns(runs, filter).map(({ id }) => id);
    expect((await allPages(temporary.store, { ...filter, limit })).map(({ id }) => id)).toEqual(expected);
  });

  test("the neighbours of any run are those of a plain loop", async () => {
    for (const run of Array.from({ length: 5 }, () => random.oneOf(runs))) {
      const list = newestFirst([...filterRuns(runs, filter).filter(({ id }) => id !== run.id), run]);
      const index = list.indexOf(run);
      expect(await temporary.store.runs.neighbours(run.id, filter)).toEqual({
        newer: list[index - 1]?.id ?? null,
        older: list[index + 1]?.id ?? null,
      });
    }
  });

  test("facets are those of a plain loop", async () => {
    expect(await temporary.store.runs.facets(filter)).toEqual(countFacetsOf(runs, filter));
  });
});

test("runs come from a list as they come one by one", async () => {
  const { runs: listed } = await temporary.store.runs.list({ limit: 100 });
  for (const run of listed) expect(run).toEqual(await temporary.store.runs.find(run.id));
});

/** Some runs are made as they stay, some change their state and verdict, some are deleted. */
async function fill(store: Store, random: RandomNumbers): Promise<readonly RunRecord[]> {
  const kept: RunRecord[] = [];
  for (let index = 0; index < runCount; index += 1) {
    const final = randomRun(random, index);
    const isChanged = random.below(3) === 0;
    await store.runs.create(
      isChanged ? { ...final, state: "pulling", verdict: null, exitCode: null } : final,
      testOwner,
    );
    if (isChanged) await store.runs.update(final.id, { state: "ready" });
    if (isChanged)
      await store.runs.update(final.id, { state: final.state, verdict: final.verdict, exitCode: final.exitCode });
    kept.push(final);
  }
  const before = new Date(startMs + spanMs / 10).toISOString();
  await store.retention.prune({ before });
  return kept.filter((run) => run.state !== "ended" || run.startedAt >= before);
}

function randomRun(random: RandomNumbers, index: number): RunRecord {
  const isEnded = random.below(8) > 0;
  // Times of whole minutes: several runs share one.
  const startedAt = new Date(
    startMs + Math.floor((random.below(1_000_000) * spanMs) / 60_000 / 1_000_000) * 60_000,
  ).toISOString();
  const summary = random.below(20) === 0 ? `needle ${index}` : random.oneOf(summaries);
  return makeRun({
    server: `server-${random.below(6)}`,
    image: random.oneOf(images),
    startedAt,
    ...(isEnded
      ? {
          state: "ended",
          exitCode: random.oneOf([0, 1, 3, 137, null]),
          verdict: { kind: random.oneOf(kinds), confidence: "certain", summary, evidence: [] },
        }
      : { state: random.oneOf(["ready", "pulling"] as const) }),
  });
}

function randomFilter(random: RandomNumbers): RunFilter {
  const times = [0, 1]
    .map(() => new Date(startMs + Math.floor((random.below(1_000) * spanMs) / 1_000)).toISOString())
    .toSorted();
  const sometimes = <Value>(oneIn: number, value: Value): Value | undefined =>
    random.below(oneIn) === 0 ? value : undefined;
  return {
    server: sometimes(3, random.oneOf(["server-1", ["server-0", "server-4"], "nobody", []])),
    verdict: sometimes(4, random.oneOf([kinds[0] ?? "oom_killed", kinds.slice(1, 4)])),
    state: sometimes(3, random.oneOf(["ended" as const, ["ready" as const, "pulling" as const]])),
    image: sometimes(5, random.oneOf(["node:20", ["python:3.11", "my/NODE:1"]])),
    exitCode: sometimes(5, random.oneOf([3, [0, 137]])),
    from: sometimes(3, times[0]),
    to: sometimes(3, times[1]),
    text: sometimes(2, random.oneOf(texts)),
  };
}

async function allPages(store: Store, query: RunQuery): Promise<readonly RunRecord[]> {
  const found: RunRecord[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.runs.list({ ...query, cursor });
    found.push(...page.runs);
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
}
