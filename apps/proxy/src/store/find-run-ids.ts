import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { hasGroupFilter, loadRunGroups, matchingGroups, type RunGroup } from "./run-group.ts";
import { allOf, inListOrder, rangeConditions, type RunRange } from "./run-range.ts";
import { groupIn, slicesOf, textCondition } from "./run-scan.ts";
import type { RunFilter } from "./store.ts";

/** Each merged group costs an index lookup; SQLite takes 500 parts at most. */
const mergedGroupsMax = 200;
const idRowsSchema = z.array(z.object({ id: z.string() }));

export interface RunIdsQuery extends RunRange {
  readonly filter: RunFilter;
  readonly limit: number;
}

/** The next ids of a filtered list, in its order, without reading runs that the filter refuses. */
export async function findRunIds(prisma: PrismaClient, query: RunIdsQuery): Promise<readonly string[]> {
  const { filter } = query;
  const hasText = filter.text !== undefined && filter.text !== "";
  if (!hasText && !hasGroupFilter(filter)) return await readIds(prisma, wholeListSql(query));
  const groups = matchingGroups(await loadRunGroups(prisma), filter);
  if (groups.length === 0) return [];
  if (!hasText && groups.length <= mergedGroupsMax) return await readIds(prisma, mergedGroupsSql(query, groups));
  return await scanForIds(prisma, query, groups);
}

/** A page of all runs: a stretch of one index. */
export function wholeListSql(query: RunIdsQuery): Prisma.Sql {
  return Prisma.sql`SELECT "id" FROM "Run" WHERE ${allOf(rangeConditions(query))}
    ${inListOrder(query.direction)} LIMIT ${query.limit}`;
}

/** A page of some groups: the merge of a stretch of the index for each. In SQL, because Prisma has no UNION. */
export function mergedGroupsSql(query: RunIdsQuery, groups: readonly RunGroup[]): Prisma.Sql {
  const order = inListOrder(query.direction);
  const parts = groups.map(
    ({ id }) => Prisma.sql`SELECT * FROM (SELECT "startedAt", "id" FROM "Run"
      WHERE ${allOf([Prisma.sql`"groupId" = ${id}`, ...rangeConditions(query)])} ${order} LIMIT ${query.limit})`,
  );
  return Prisma.sql`SELECT "id" FROM (${Prisma.join(parts, " UNION ALL ")}) ${order} LIMIT ${query.limit}`;
}

async function scanForIds(
  prisma: PrismaClient,
  query: RunIdsQuery,
  groups: readonly RunGroup[],
): Promise<readonly string[]> {
  const { text } = query.filter;
  const wanted = [
    groupIn(groups),
    ...(text === undefined || text === "" ? [] : [textCondition(groups, text)]),
  ];
  const found: string[] = [];
  for await (const slice of slicesOf(prisma, query)) {
    const ids = await readIds(
      prisma,
      Prisma.sql`SELECT "id" FROM "Run" WHERE ${allOf([...slice, ...wanted])}
        ${inListOrder(query.direction)} LIMIT ${query.limit - found.length}`,
    );
    found.push(...ids);
    if (found.length >= query.limit) break;
  }
  return found;
}

async function readIds(prisma: PrismaClient, sql: Prisma.Sql): Promise<readonly string[]> {
  return idRowsSchema.parse(await prisma.$queryRaw(sql)).map(({ id }) => id);
}
