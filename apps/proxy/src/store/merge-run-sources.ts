import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import type { RunPosition } from "./run-cursor.ts";
import { allOf, inListOrder, rangeConditions, type Direction, type RunRange } from "./run-range.ts";
import { ofSource, type RunSources } from "./run-sources.ts";

/** SQLite takes 500 parts at most; fewer compile faster. */
const mergedSourcesMax = 100;

const positionsSchema = z.array(z.object({ startedAtMs: z.number(), id: z.string() }));
const headsSchema = z.array(
  z.object({ kind: z.enum(["groups", "summaries"]), source: z.number(), headMs: z.number() }),
);

export interface MergeQuery extends RunRange {
  readonly sources: RunSources;
  readonly limit: number;
}

/** The first ids of all sources together, in the order of the list: an index lookup or two for each source. */
export async function mergeRunSources(prisma: PrismaClient, query: MergeQuery): Promise<readonly string[]> {
  const narrowed = await narrow(prisma, query);
  const parts = partsOf(narrowed);
  const found: RunPosition[] = [];
  for (let from = 0; from < parts.length; from += mergedSourcesMax) {
    const sql = mergedSourcesSql(narrowed, parts.slice(from, from + mergedSourcesMax));
    found.push(...positionsSchema.parse(await prisma.$queryRaw(sql)));
  }
  return inOrder(found, query.direction)
    .slice(0, query.limit)
    .map(({ id }) => id);
}

/** Of more sources than runs are wanted, only those whose first run can be among them, and no run beyond. */
async function narrow(prisma: PrismaClient, query: MergeQuery): Promise<MergeQuery> {
  const { sources, limit, direction } = query;
  if (sources.groups.length + sources.summaries.length <= limit) return query;
  const heads = headsSchema.parse(await prisma.$queryRaw(headsSql(query)));
  const idsOf = (wanted: keyof RunSources): readonly number[] =>
    heads.filter(({ kind }) => kind === wanted).map(({ source }) => source);
  const narrowed = { ...query, sources: { groups: idsOf("groups"), summaries: idsOf("summaries") } };
  if (heads.length < limit) return narrowed;
  const times = heads.map(({ headMs }) => headMs);
  return { ...narrowed, ...(direction === "older" ? { fromMs: Math.min(...times) } : { toMs: Math.max(...times) }) };
}

/** The first time of each source, of those sources that are in the page by it; several may share the last time. */
export function headsSql({ sources, limit, ...range }: MergeQuery): Prisma.Sql {
  const isOlder = range.direction === "older";
  const order = Prisma.raw(isOlder ? "DESC" : "ASC");
  const within = Prisma.raw(isOlder ? ">=" : "<=");
  return Prisma.sql`WITH "heads" ("kind", "source", "headMs") AS MATERIALIZED (
      ${headsOf("groups", { sources, range })} UNION ALL ${headsOf("summaries", { sources, range })}
    ), "begun" AS (SELECT * FROM "heads" WHERE "headMs" IS NOT NULL)
    SELECT "kind", "source", CAST("headMs" AS INTEGER) AS "headMs" FROM "begun"
    WHERE "headMs" ${within} ifnull(
      (SELECT "headMs" FROM "begun" ORDER BY "headMs" ${order} LIMIT 1 OFFSET ${limit - 1}), "headMs")`;
}

function headsOf(
  kind: keyof RunSources,
  { sources, range }: { readonly sources: RunSources; readonly range: RunRange },
): Prisma.Sql {
  const conditions = [ofSource(kind, Prisma.sql`"value"`), ...rangeConditions(range)];
  return Prisma.sql`SELECT ${kind}, "value", (
    SELECT "startedAt" FROM "Run" WHERE ${allOf(conditions)} ${inListOrder(range.direction)} LIMIT 1
  ) FROM json_each(${JSON.stringify(sources[kind])})`;
}

/** The merge of a stretch of an index for each source. In SQL, because Prisma has no UNION. */
export function mergedSourcesSql(query: MergeQuery, parts: readonly Prisma.Sql[]): Prisma.Sql {
  const order = inListOrder(query.direction);
  const selects = parts.map(
    (part) => Prisma.sql`SELECT * FROM (SELECT "startedAt", "id" FROM "Run"
      WHERE ${allOf([part, ...rangeConditions(query)])} ${order} LIMIT ${query.limit})`,
  );
  return Prisma.sql`SELECT CAST("startedAt" AS INTEGER) AS "startedAtMs", "id"
    FROM (${Prisma.join(selects, " UNION ALL ")}) ${order} LIMIT ${query.limit}`;
}

export function partsOf({ sources }: Pick<MergeQuery, "sources">): readonly Prisma.Sql[] {
  return [
    ...sources.groups.map((id) => ofSource("groups", Prisma.sql`${id}`)),
    ...sources.summaries.map((id) => ofSource("summaries", Prisma.sql`${id}`)),
  ];
}

function inOrder(positions: readonly RunPosition[], direction: Direction): readonly RunPosition[] {
  const sign = direction === "older" ? -1 : 1;
  return positions.toSorted((one, other) => sign * compare(one, other));
}

/** As SQLite compares them: ids by their bytes. */
function compare(one: RunPosition, other: RunPosition): number {
  return one.startedAtMs - other.startedAtMs || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}
