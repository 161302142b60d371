import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { groupConditions, hasGroupFilter, hasRuns } from "./run-group.ts";
import type { RunFilter } from "./store.ts";

/** The stretches of an index that together are the runs of a filter; no run is in two of them. */
export interface RunSources {
  /** Ids of groups, with all their runs. */
  readonly groups: readonly number[];
  /** Ids of summaries: of other groups, only the runs with that summary. */
  readonly summaries: readonly number[];
}

export type RunSourceKind = keyof RunSources;

const rowSchema = z.tuple([z.object({ groups: z.string(), summaries: z.string() })]);
const idsSchema = z.array(z.number());

/** True when a filter asks for more than times; else its runs are a stretch of the whole list. */
export function hasSourceFilter(filter: RunFilter): boolean {
  return hasGroupFilter(filter) || hasText(filter);
}

/** Finds what a filter lets through, times aside, in the tables of what runs have in common: no run is read. */
export async function findRunSources(prisma: PrismaClient, filter: RunFilter): Promise<RunSources> {
  const [row] = rowSchema.parse(await prisma.$queryRaw(runSourcesSql(filter)));
  return { groups: idsSchema.parse(JSON.parse(row.groups)), summaries: idsSchema.parse(JSON.parse(row.summaries)) };
}

/** As JSON, because thousands of rows would take the driver longer than the search. */
function runSourcesSql(filter: RunFilter): Prisma.Sql {
  const inGroup = [...groupConditions(filter), hasRuns];
  const { text } = filter;
  if (text === undefined || text === "")
    return Prisma.sql`SELECT ${groupIdsSql(inGroup)} AS "groups", '[]' AS "summaries"`;
  const groupHasText = Prisma.sql`(${contains("server", text)} OR ${contains("image", text)})`;
  const summaryIds = Prisma.sql`(
    SELECT json_group_array("RunSummary"."id") FROM "RunSummary" JOIN "RunGroup" ON "RunGroup"."id" = "groupId"
    WHERE ${Prisma.join([contains("text", text), Prisma.sql`NOT ${groupHasText}`, ...inGroup], " AND ")})`;
  return Prisma.sql`SELECT ${groupIdsSql([...inGroup, groupHasText])} AS "groups", ${summaryIds} AS "summaries"`;
}

function groupIdsSql(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`(SELECT json_group_array("id") FROM "RunGroup" WHERE ${Prisma.join([...conditions], " AND ")})`;
}

/** Which runs a source has, for one whose id is the given SQL; one range of an index. */
export function ofSource(kind: RunSourceKind, id: Prisma.Sql): Prisma.Sql {
  switch (kind) {
    case "groups":
      return Prisma.sql`"groupId" = ${id}`;
    case "summaries":
      return Prisma.sql`"groupId" = (SELECT "groupId" FROM "RunSummary" WHERE "id" = ${id})
        AND "verdictSummary" = (SELECT "text" FROM "RunSummary" WHERE "id" = ${id})`;
    default:
      return kind satisfies never;
  }
}

/** True for runs of any of the sources; for going through a stretch of the list. */
export function ofAnySource({ groups, summaries }: RunSources): Prisma.Sql {
  // The plus keeps SQLite from going through the groups one by one instead of through the list.
  return Prisma.sql`(+"groupId" IN (SELECT "value" FROM json_each(${JSON.stringify(groups)}))
    OR (+"groupId", +"verdictSummary") IN (
      SELECT "groupId", "text" FROM json_each(${JSON.stringify(summaries)}) JOIN "RunSummary" ON "RunSummary"."id" = "value"))`;
}

function hasText({ text }: RunFilter): boolean {
  return text !== undefined && text !== "";
}

// instr() instead of LIKE: % and _ in the text are only characters.
function contains(column: "server" | "image" | "text", text: string): Prisma.Sql {
  return Prisma.sql`instr(lower(${Prisma.raw(`"${column}"`)}), lower(${text})) > 0`;
}
