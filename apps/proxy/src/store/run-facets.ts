import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { groupColumns, groupTests, loadRunGroups, type GroupField, type RunGroup } from "./run-group.ts";
import { allOf } from "./run-range.ts";
import { findRunSources, hasSourceFilter, ofAnySource, type RunSources } from "./run-sources.ts";
import type { FacetCount, RunFacets, RunFilter } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const countsSchema = z.array(z.object({ groupId: z.number(), runs: z.number() }));

type GroupCounts = Map<number, number>;

/** Counts of each value within the filter without its own field: from the tallies, not from the runs. */
export async function countFacets(prisma: PrismaClient, filter: RunFilter): Promise<RunFacets> {
  const groups = await loadRunGroups(prisma);
  const counts = await countByGroup(prisma, filter);
  const tests = groupTests(filter);
  const countOf = (field: GroupField): readonly FacetCount[] => {
    const others = [...tests].flatMap(([name, test]) => (name === field ? [] : [test]));
    const matching = groups.filter((group) => others.every((test) => test(group)));
    return sumByValue(matching, counts, groupColumns[field]);
  };
  const passing = groups.filter((group) => [...tests.values()].every((test) => test(group)));
  return {
    total: passing.reduce((sum, { id }) => sum + (counts.get(id) ?? 0), 0),
    server: countOf("server"),
    verdict: countOf("verdict"),
    state: countOf("state"),
    image: countOf("image"),
    exitCode: countOf("exitCode"),
  };
}

function sumByValue(
  groups: readonly RunGroup[],
  counts: GroupCounts,
  column: (typeof groupColumns)[GroupField],
): readonly FacetCount[] {
  const sums = new Map<string, number>();
  for (const group of groups) {
    const runs = counts.get(group.id) ?? 0;
    const value = group[column];
    if (runs > 0 && value !== "") sums.set(value, (sums.get(value) ?? 0) + runs);
  }
  return [...sums]
    .map(([value, runs]) => ({ value, runs }))
    .toSorted((one, other) => other.runs - one.runs || one.value.localeCompare(other.value));
}

async function countByGroup(prisma: PrismaClient, filter: RunFilter): Promise<GroupCounts> {
  const counts: GroupCounts = new Map();
  const { text, from, to } = filter;
  // The groups of all values: which of them count is another matter for each field.
  const sources = hasSourceFilter({ text }) ? await findRunSources(prisma, { text }) : undefined;
  for (const sql of countTimesSql({ from, to }, sources)) {
    for (const { groupId, runs } of countsSchema.parse(await prisma.$queryRaw(sql)))
      counts.set(groupId, (counts.get(groupId) ?? 0) + runs);
  }
  return counts;
}

/** Whole days come from the tallies; what is left at both ends, less than a day each, is counted in the index. */
export function countTimesSql(
  { from, to }: Pick<RunFilter, "from" | "to">,
  sources?: RunSources,
): readonly Prisma.Sql[] {
  const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : toStoredTime(from).getTime();
  const toMs = to === undefined ? Number.POSITIVE_INFINITY : toStoredTime(to).getTime();
  const firstDay = Math.ceil(fromMs / dayMs);
  const endDay = Math.floor(toMs / dayMs);
  const ofSources = sources === undefined ? [] : [ofAnySource(sources)];
  const runsBetween = (beginMs: number, endMs: number): readonly Prisma.Sql[] =>
    beginMs < endMs ? [countRunsSql([...between(beginMs, endMs), ...ofSources])] : [];
  if (firstDay > endDay) return runsBetween(fromMs, toMs);
  return [
    ...countTalliesSql(daysBetween(firstDay, endDay), sources),
    ...runsBetween(fromMs, firstDay * dayMs),
    ...runsBetween(endDay * dayMs, toMs),
  ];
}

function countTalliesSql(days: readonly Prisma.Sql[], sources: RunSources | undefined): readonly Prisma.Sql[] {
  const ofGroups = (conditions: readonly Prisma.Sql[]): Prisma.Sql => Prisma.sql`
    SELECT "groupId", CAST(sum("runs") AS INTEGER) AS "runs" FROM "RunTally" WHERE ${allOf(conditions)} GROUP BY "groupId"`;
  if (sources === undefined) return [ofGroups(days)];
  return [
    ofGroups([...days, Prisma.sql`"groupId" IN (SELECT "value" FROM json_each(${JSON.stringify(sources.groups)}))`]),
    Prisma.sql`SELECT "groupId", CAST(sum("runs") AS INTEGER) AS "runs" FROM json_each(${JSON.stringify(sources.summaries)})
      CROSS JOIN "RunSummary" ON "RunSummary"."id" = "value" CROSS JOIN "RunSummaryTally" ON "summaryId" = "RunSummary"."id"
      WHERE ${allOf(days)} GROUP BY "groupId"`,
  ];
}

function daysBetween(firstDay: number, endDay: number): readonly Prisma.Sql[] {
  return [
    ...(Number.isFinite(firstDay) ? [Prisma.sql`"day" >= ${firstDay}`] : []),
    ...(Number.isFinite(endDay) ? [Prisma.sql`"day" < ${endDay}`] : []),
  ];
}

function countRunsSql(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`
    SELECT CAST("groupId" AS INTEGER) AS "groupId", CAST(count(*) AS INTEGER) AS "runs" FROM "Run"
    WHERE ${allOf(conditions)} GROUP BY "groupId"`;
}

function between(fromMs: number, toMs: number): readonly Prisma.Sql[] {
  return [Prisma.sql`"startedAt" >= ${fromMs}`, Prisma.sql`"startedAt" < ${toMs}`];
}
