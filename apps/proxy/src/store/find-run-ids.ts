import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { mergeRunSources } from "./merge-run-sources.ts";
import { allOf, inListOrder, rangeConditions, type RunRange } from "./run-range.ts";
import { findRunSources, hasSourceFilter, ofAnySource, type RunSources } from "./run-sources.ts";
import type { RunFilter } from "./store.ts";

/** Up to here merging is cheaper than looking whether the newest runs fill the page. */
const fewSources = 40;
/** A filter that lets through one run in twenty fills a page of fifty from these. */
const probedRuns = 1_000;
const idRowsSchema = z.array(z.object({ id: z.string() }));

export interface RunIdsQuery extends RunRange {
  readonly filter: RunFilter;
  readonly limit: number;
}

/** The next ids of a filtered list, in its order, without reading runs that the filter refuses. */
export async function findRunIds(prisma: PrismaClient, query: RunIdsQuery): Promise<readonly string[]> {
  if (!hasSourceFilter(query.filter)) return await readIds(prisma, wholeListSql(query));
  const sources = await findRunSources(prisma, query.filter);
  const count = sources.groups.length + sources.summaries.length;
  if (count === 0) return [];
  if (count > fewSources) {
    const ids = await readIds(prisma, probeSql(query, sources));
    if (ids.length === query.limit) return ids;
  }
  return await mergeRunSources(prisma, { ...query, sources });
}

/** A page of all runs: a stretch of one index. */
export function wholeListSql(query: RunIdsQuery): Prisma.Sql {
  return Prisma.sql`SELECT "id" FROM "Run" WHERE ${allOf(rangeConditions(query))}
    ${inListOrder(query.direction)} LIMIT ${query.limit}`;
}

/** What the first runs of the stretch have of the page. */
export function probeSql(query: RunIdsQuery, sources: RunSources): Prisma.Sql {
  const { direction, limit } = query;
  return Prisma.sql`SELECT "id" FROM (
      SELECT "startedAt", "id", "groupId", "verdictSummary" FROM "Run" WHERE ${allOf(rangeConditions(query))}
      ${inListOrder(direction)} LIMIT ${probedRuns})
    WHERE ${ofAnySource(sources)} ${inListOrder(direction)} LIMIT ${limit}`;
}

async function readIds(prisma: PrismaClient, sql: Prisma.Sql): Promise<readonly string[]> {
  return idRowsSchema.parse(await prisma.$queryRaw(sql)).map(({ id }) => id);
}
