import type { Client } from "@libsql/client/sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { unusedSnapshotsSql } from "./config-snapshots.ts";
import { connectDatabase } from "./connect-database.ts";
import { deleteRunsSql } from "./delete-runs.ts";
import { countFailuresSql, failureGroupsSql, failureRunsSql } from "./failure-repository.ts";
import { probeSql, wholeListSql } from "./find-run-ids.ts";
import type { Prisma } from "./generated/prisma/client.ts";
import { headsSql, mergedSourcesSql, partsOf } from "./merge-run-sources.ts";
import { readRunsSql } from "./read-runs.ts";
import { countTimesSql } from "./run-facets.ts";
import { positionSql } from "./run-scan.ts";
import { runToolCallsSql, serverToolCallsSql } from "./run-tool-calls.ts";
import { exitsSql, memoryUsesSql, stripsSql } from "./server-history-repository.ts";
import { openTemporaryStore, type TemporaryStore } from "./testing/temporary-store.ts";

const after = { startedAtMs: 1, id: "a" };
const sources = { groups: [1, 2], summaries: [3] };
const times = { from: "2026-11-20T10:00:00Z", to: "2026-11-23T10:00:00Z" };
const groupSearch: unknown = expect.stringMatching(
  /^SEARCH Run USING COVERING INDEX Run_groupId_startedAt_id_idx \(groupId=\? AND startedAt>\? AND startedAt<\?\)/,
);
const summarySearch: unknown = expect.stringMatching(
  /^SEARCH Run USING COVERING INDEX \w+ \(groupId=\? AND verdictSummary=\? AND startedAt>\? AND startedAt<\?\)/,
);
let temporary: TemporaryStore;
let client: Client;

beforeAll(async () => {
  temporary = await openTemporaryStore();
  client = await connectDatabase(temporary.databasePath);
});
afterAll(async () => {
  client.close();
  await temporary[Symbol.asyncDispose]();
});

test.each(["older", "newer"] as const)("a page of %s runs is one stretch of an index", async (direction) => {
  const plan = await planOf(wholeListSql({ filter: times, after, direction, limit: 50 }));
  expect(plan).toEqual([
    expect.stringMatching(/^SEARCH Run USING COVERING INDEX Run_startedAt_id_groupId_verdictSummary_idx/),
  ]);
});

test("a page that begins at a run of its times reads from there on, not from the end of the times", async () => {
  const begun = { startedAtMs: Date.parse("2026-11-21T10:00:00Z"), id: "a" };
  const [older] = await planOf(wholeListSql({ filter: times, after: begun, direction: "older", limit: 50 }));
  const [newer] = await planOf(wholeListSql({ filter: times, after: begun, direction: "newer", limit: 50 }));
  expect(older).toContain("(startedAt>? AND (startedAt,id)<(?,?))");
  expect(newer).toContain("((startedAt,id)>(?,?) AND startedAt<?)");
});

test("a filtered page is one stretch of an index for each group and each summary", async () => {
  const query = { filter: times, direction: "older", limit: 50, sources } as const;
  const plan = await planOf(mergedSourcesSql(query, partsOf(query)));
  expect(searchesOf(plan)).toEqual([groupSearch, groupSearch, summarySearch]);
  // The merged rows are sorted, the sources are not.
  expect(plan.filter((step) => step.includes("TEMP B-TREE"))).toHaveLength(1);
});

test.each(["older", "newer"] as const)("the first %s run of each source is one lookup", async (direction) => {
  const plan = await planOf(headsSql({ filter: times, direction, limit: 50, sources }));
  expect(searchesOf(plan)).toEqual([groupSearch, summarySearch]);
});

test("the first look at a filter of many sources reads a stretch of one index", async () => {
  const plan = await planOf(probeSql({ filter: times, direction: "older", limit: 5 }, sources));
  expect(searchesOf(plan)).toEqual([
    expect.stringMatching(/^SEARCH Run USING COVERING INDEX Run_startedAt_id_groupId_verdictSummary_idx/),
  ]);
});

test("a distance in the list is counted in one index", async () => {
  const plan = await planOf(positionSql({ filter: times, direction: "older" }, 1_000));
  expect(plan).toEqual([
    expect.stringMatching(/^SEARCH Run USING COVERING INDEX Run_startedAt_id_groupId_verdictSummary_idx/),
  ]);
});

test("deleting goes through one index, oldest first", async () => {
  const plan = await planOf(deleteRunsSql({ before: times.to, groups: [1], runs: 9 }));
  expect(searchesOf(plan)).toEqual([
    "SEARCH Run USING COVERING INDEX sqlite_autoindex_Run_1 (id=?)",
    expect.stringMatching(/^SEARCH Run USING COVERING INDEX Run_startedAt_id_groupId_verdictSummary_idx/),
  ]);
  expect(plan.filter((step) => step.includes("TEMP B-TREE"))).toEqual([]);
});

test("the rows of a page are looked up by their ids", async () => {
  const plan = await planOf(readRunsSql({ ids: ["a"], detail: "row" }));
  expect(plan[0]).toBe("SEARCH Run USING INDEX sqlite_autoindex_Run_1 (id=?)");
});

test.each([
  ["the whole list", undefined],
  ["a text", sources],
])("facets of %s read tallies for whole days and an index for the rest", async (_name, of) => {
  const plans = await Promise.all(countTimesSql(times, of).map(planOf));
  expect(plans).toHaveLength(of === undefined ? 3 : 4);
  for (const plan of plans.slice(0, -2)) expect(searchesOf(plan)).toEqual([]);
  for (const plan of plans.slice(-2))
    expect(plan[0]).toMatch(/^SEARCH Run USING COVERING INDEX Run_startedAt_id_groupId_verdictSummary_idx/);
});

/** The steps that read runs. */
function searchesOf(plan: readonly string[]): readonly string[] {
  return plan.filter((step) => / Run( |$)/.test(step));
}

test("calls of a run and of a server's hours are stretches of an index", async () => {
  expect(await planOf(runToolCallsSql("a"))).toEqual([
    expect.stringMatching(/^SEARCH RunToolCalls USING INDEX sqlite_autoindex_RunToolCalls_1 \(runId=\?\)/),
  ]);
  for (const to of [undefined, times.to]) {
    expect(await planOf(serverToolCallsSql({ server: "a", from: times.from, to }))).toEqual([
      expect.stringMatching(/^SEARCH RunToolCalls USING INDEX RunToolCalls_server_hour_idx \(server=\? AND hour>\?/),
    ]);
  }
});

test("whether a snapshot is still needed is asked of an index", async () => {
  expect(await planOf(unusedSnapshotsSql())).toContainEqual(
    expect.stringMatching(/^SEARCH Run USING COVERING INDEX Run_configHash_idx \(configHash=\?\)/),
  );
});

test("groups of failures read tallies and a few index entries each, never the runs themselves", async () => {
  for (const sql of [failureGroupsSql({ sinceDay: 1 }), failureRunsSql("a", 20), countFailuresSql(times.from)]) {
    const searches = searchesOf(await planOf(sql));
    expect(searches).not.toEqual([]);
    for (const search of searches)
      expect(search).toMatch(/USING COVERING INDEX Run_fingerprint_endedAt_id_idx|USING INDEX sqlite_autoindex_Run_1/);
  }
});

test("the past of a server is a stretch of one index", async () => {
  for (const sql of [
    stripsSql({ servers: ["a"], limit: 40 }),
    memoryUsesSql({ server: "a", since: times.from, limit: 9 }),
    exitsSql({ server: "a", ...times }),
  ]) {
    expect(searchesOf(await planOf(sql))).toEqual([
      expect.stringMatching(/^SEARCH Run USING INDEX Run_server_endedAt_id_idx \(server=\? AND endedAt>/),
    ]);
  }
});

async function planOf(sql: Prisma.Sql): Promise<readonly string[]> {
  const args = sql.values.map((value) => (typeof value === "number" || typeof value === "string" ? value : null));
  const { rows } = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql.sql}`, args });
  return z
    .array(z.object({ detail: z.string() }))
    .parse(rows)
    .map(({ detail }) => detail);
}
