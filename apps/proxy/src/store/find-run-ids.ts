import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { findGroupIds, hasGroupFilter, inFilteredGroups } from "./run-group.ts";
import { allOf, inListOrder, rangeConditions, type RunRange } from "./run-range.ts";
import { slicesOf, textCondition } from "./run-scan.ts";
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
  if (!hasText) {
    const groupIds = await findGroupIds(prisma, { filter, limit: mergedGroupsMax + 1 });
    if (groupIds.length === 0) return [];
    if (groupIds.length <= mergedGroupsMax) return await readIds(prisma, mergedGroupsSql(query, groupIds));
  }
  return await scanForIds(prisma, query);
}

/** A page of all runs: a stretch of one index. */
export function wholeListSql(query: RunIdsQuery): Prisma.Sql {
  return Prisma.sql`SELECT "id" FROM "Run" WHERE ${allOf(rangeConditions(query))}
    ${inListOrder(query.direction)} LIMIT ${query.limit}`;
}

/** A page of some groups: the merge of a stretch of the index for each. In SQL, because Prisma has no UNION. */
export function mergedGroupsSql(query: RunIdsQuery, groupIds: readonly number[]): Prisma.Sql {
  const order = inListOrder(query.direction);
  const parts = groupIds.map(
    (id) => Prisma.sql`SELECT * FROM (SELECT "startedAt", "id" FROM "Run"
      WHERE ${allOf([Prisma.sql`"groupId" = ${id}`, ...rangeConditions(query)])} ${order} LIMIT ${query.limit})`,
  );
  return Prisma.sql`SELECT "id" FROM (${Prisma.join(parts, " UNION ALL ")}) ${order} LIMIT ${query.limit}`;
}

/** Groups so many that most runs are in one of them, or a text: newest first until the page is full. */
async function scanForIds(prisma: PrismaClient, query: RunIdsQuery): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const slice of slicesOf(prisma, query)) {
    const limit = query.limit - found.length;
    found.push(...(await readIds(prisma, scannedSql({ ...query, limit }, slice))));
    if (found.length >= query.limit) break;
  }
  return found;
}

/** What a slice of the list has of a page. */
export function scannedSql(query: RunIdsQuery, slice: readonly Prisma.Sql[]): Prisma.Sql {
  const { filter, direction, limit } = query;
  const wanted = [
    ...(hasGroupFilter(filter) ? [inFilteredGroups(filter)] : []),
    ...(filter.text === undefined || filter.text === "" ? [] : [textCondition(filter.text)]),
  ];
  return Prisma.sql`SELECT "id" FROM "Run" WHERE ${allOf([...slice, ...wanted])}
    ${inListOrder(direction)} LIMIT ${limit}`;
}

async function readIds(prisma: PrismaClient, sql: Prisma.Sql): Promise<readonly string[]> {
  return idRowsSchema.parse(await prisma.$queryRaw(sql)).map(({ id }) => id);
}
