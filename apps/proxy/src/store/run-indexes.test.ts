import type { Client } from "@libsql/client/sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { connectDatabase } from "./connect-database.ts";
import { mergedGroupsSql, scannedSql, wholeListSql } from "./find-run-ids.ts";
import type { Prisma } from "./generated/prisma/client.ts";
import { countTimesSql } from "./run-facets.ts";
import { rangeConditions } from "./run-range.ts";
import { positionSql } from "./run-scan.ts";
import { openTemporaryStore, type TemporaryStore } from "./testing/temporary-store.ts";

const after = { startedAtMs: 1, id: "a" };
const times = { from: "2026-11-20T10:00:00Z", to: "2026-11-23T10:00:00Z" };
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

test("a filtered page is one stretch of an index for each group", async () => {
  const plan = await planOf(mergedGroupsSql({ filter: times, after, direction: "older", limit: 50 }, [1, 2]));
  const searches = plan.filter((step) => step.includes("Run_groupId_startedAt_id_idx"));
  expect(searches).toHaveLength(2);
  for (const search of searches) {
    expect(search).toMatch(/^SEARCH Run USING COVERING INDEX .*\(groupId=\? AND startedAt>\? AND startedAt<\?\)/);
  }
  // The merged rows are sorted, the groups are not.
  expect(plan.filter((step) => step.includes("TEMP B-TREE"))).toHaveLength(1);
  expect(plan.filter((step) => step.startsWith("SCAN Run"))).toEqual([]);
});

test("a search goes through one index and reads no runs", async () => {
  const range = { filter: times, direction: "older" } as const;
  const plans = [
    await planOf(positionSql(range, 1_000)),
    await planOf(
      scannedSql({ ...range, filter: { ...times, text: "x", state: "ended" }, limit: 5 }, rangeConditions(range)),
    ),
  ];
  for (const plan of plans) {
    expect(plan[0]).toMatch(/^SEARCH Run USING COVERING INDEX Run_startedAt_id_groupId_verdictSummary_idx/);
    expect(plan.filter((step) => step.includes("TEMP B-TREE"))).toEqual([]);
  }
});

test("facets read the tallies for whole days and an index for the rest", async () => {
  const plans = await Promise.all(countTimesSql(times).map(planOf));
  expect(plans).toHaveLength(3);
  expect(plans[0]?.[0]).toContain("RunTally");
  for (const plan of plans.slice(1))
    expect(plan[0]).toMatch(/^SEARCH Run USING COVERING INDEX Run_startedAt_id_groupId_verdictSummary_idx/);
});

async function planOf(sql: Prisma.Sql): Promise<readonly string[]> {
  const args = sql.values.map((value) => (typeof value === "number" || typeof value === "string" ? value : null));
  const { rows } = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql.sql}`, args });
  return z
    .array(z.object({ detail: z.string() }))
    .parse(rows)
    .map(({ detail }) => detail);
}
