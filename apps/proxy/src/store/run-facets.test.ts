import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { describe, expect, test } from "vitest";
import { connectDatabase } from "./connect-database.ts";
import type { RunFacets, RunFilter, Store } from "./store.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

const hourMs = 60 * 60 * 1_000;
const startMs = Date.parse("2026-11-20T22:30:00.000Z");
const kinds = ["app_error", "oom_killed", "completed"] as const;

describe("facets", () => {
  test.each<[string, RunFilter]>([
    ["no filter", {}],
    ["a server", { server: "a" }],
    ["several servers and a verdict", { server: ["a", "b"], verdict: "oom_killed" }],
    ["a state", { state: "ready" }],
    ["an exit code and an image", { exitCode: 2, image: "node:20" }],
    ["whole days", { from: "2026-11-21T00:00:00Z", to: "2026-11-23T00:00:00Z" }],
    ["parts of days at both ends", { from: at(3), to: at(71) }],
    ["within one day", { from: at(4), to: at(9) }],
    ["over midnight", { from: at(1), to: at(2) }],
    ["from a time on", { from: at(30), server: "b" }],
    ["up to a time", { to: at(30) }],
    ["a text", { text: "OOM" }],
    ["a text and a server and a time", { text: "node", server: "c", from: at(10) }],
    ["nothing", { server: "nobody" }],
  ])("with %s are the counts of the runs themselves", async (_name, filter) => {
    await using temporary = await openTemporaryStore();
    const runs = Array.from({ length: 90 }, (_unused, index) => mixedRun(index));
    for (const run of runs) await temporary.store.runs.create(run, testOwner);
    expect(await temporary.store.runs.facets(filter)).toEqual(await countedOneByOne(temporary.store, filter));
  });

  test("follow a run through its states", async () => {
    await using temporary = await openTemporaryStore();
    const { runs } = temporary.store;
    const run = makeRun({ state: "pulling" });
    await runs.create(run, testOwner);
    expect(await runs.facets({})).toMatchObject({ total: 1, state: [{ value: "pulling", runs: 1 }], verdict: [] });
    await runs.update(run.id, { state: "ready" });
    const verdict = { kind: "completed", confidence: "certain", summary: "Exited", evidence: [] } as const;
    await runs.update(run.id, { state: "ended", verdict, exitCode: 0 });
    expect(await runs.facets({})).toEqual({
      total: 1,
      server: [{ value: run.server, runs: 1 }],
      verdict: [{ value: "completed", runs: 1 }],
      state: [{ value: "ended", runs: 1 }],
      image: [{ value: "node:20", runs: 1 }],
      exitCode: [{ value: "0", runs: 1 }],
    });
  });

  test("forget deleted runs, and leave no tally behind", async () => {
    await using temporary = await openTemporaryStore();
    await temporary.store.runs.create(makeRun(), testOwner);
    const client = await connectDatabase(temporary.databasePath);
    await client.execute('DELETE FROM "Run"');
    expect((await client.execute('SELECT count(*) AS "count" FROM "RunTally"')).rows[0]?.["count"]).toBe(0);
    client.close();
    expect((await temporary.store.runs.facets({})).total).toBe(0);
  });
});

function at(hour: number): string {
  return new Date(startMs + hour * hourMs).toISOString();
}

function mixedRun(index: number): RunRecord {
  const kind = kinds[index % 3] ?? "completed";
  return makeRun({
    server: ["a", "b", "c", "d"][index % 4] ?? "a",
    startedAt: at(index),
    image: index % 5 === 0 ? null : index % 2 === 0 ? "node:20" : "python:3.11",
    ...(index % 7 === 0
      ? { state: "ready" }
      : { state: "ended", exitCode: index % 6, verdict: { kind, confidence: "certain", summary: kind, evidence: [] } }),
  });
}

/** The slow way: each field's runs are listed without that field's own filter. */
async function countedOneByOne(store: Store, filter: RunFilter): Promise<RunFacets> {
  const count = async (field: keyof RunFilter, read: (run: RunRecord) => string | number | null | undefined) => {
    const { runs } = await store.runs.list({ ...filter, [field]: undefined, limit: 500 });
    const sums = new Map<string, number>();
    for (const run of runs) {
      const value = read(run);
      if (value !== null && value !== undefined) sums.set(String(value), (sums.get(String(value)) ?? 0) + 1);
    }
    return [...sums]
      .map(([value, amount]) => ({ value, runs: amount }))
      .toSorted((one, other) => other.runs - one.runs || one.value.localeCompare(other.value));
  };
  return {
    total: (await store.runs.list({ ...filter, limit: 500 })).runs.length,
    server: await count("server", ({ server }) => server),
    verdict: await count("verdict", ({ verdict }) => verdict?.kind),
    state: await count("state", ({ state }) => state),
    image: await count("image", ({ image }) => image),
    exitCode: await count("exitCode", ({ exitCode }) => exitCode),
  };
}
