import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { decodeRunCursor, encodeRunCursor } from "./run-cursor.ts";
import { runFromRow } from "./run-from-row.ts";
import type { RunPage, RunQuery } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

const pageLimitMax = 500;
const idRowsSchema = z.array(z.object({ id: z.string() }));

/** A page of runs, newest first; throws InvalidCursorError for a bad cursor and RangeError for a bad limit. */
export async function listRuns(prisma: PrismaClient, query: RunQuery): Promise<RunPage> {
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > pageLimitMax) {
    throw new RangeError(`limit must be a whole number from 1 to ${pageLimitMax}, not ${query.limit}`);
  }
  // In SQL, because Prisma has neither row values (one index range per page) nor a search without wildcards.
  const rows = await prisma.$queryRaw`
    SELECT "id" FROM "Run" WHERE ${Prisma.join(toConditions(query), " AND ")}
    ORDER BY "startedAt" DESC, "id" DESC LIMIT ${query.limit + 1}`;
  const ids = idRowsSchema.parse(rows).map((row) => row.id);
  const runs = await findRunsInOrder(prisma, ids.slice(0, query.limit));
  return { runs, nextCursor: ids.length > query.limit ? cursorAfter(runs) : null };
}

/** The newest ended run of each server: one index lookup per server, however long the history is. */
export async function findLastEndedRuns(prisma: PrismaClient): Promise<ReadonlyMap<string, RunRecord>> {
  const rows = await prisma.$queryRaw`
    WITH RECURSIVE "servers"("name") AS (
      SELECT min("server") FROM "Run"
      UNION ALL
      SELECT (SELECT min("server") FROM "Run" WHERE "server" > "servers"."name") FROM "servers" WHERE "name" IS NOT NULL
    ), "newest"("id") AS (
      SELECT (
        SELECT "id" FROM "Run" WHERE "server" = "servers"."name" AND "endedAt" IS NOT NULL
        ORDER BY "endedAt" DESC, "id" DESC LIMIT 1
      ) FROM "servers" WHERE "name" IS NOT NULL
    )
    SELECT "id" FROM "newest" WHERE "id" IS NOT NULL`;
  const ids = idRowsSchema.parse(rows).map((row) => row.id);
  const runs = await findRunsInOrder(prisma, ids);
  return new Map(runs.map((run) => [run.server, run]));
}

function toConditions(query: RunQuery): Prisma.Sql[] {
  const conditions = [Prisma.sql`1 = 1`];
  if (query.server !== undefined) conditions.push(Prisma.sql`"server" = ${query.server}`);
  if (query.verdict !== undefined) conditions.push(Prisma.sql`"verdictKind" = ${query.verdict}`);
  if (query.state !== undefined) conditions.push(Prisma.sql`"state" = ${query.state}`);
  if (query.from !== undefined) conditions.push(Prisma.sql`"startedAt" >= ${toStoredTime(query.from).getTime()}`);
  if (query.to !== undefined) conditions.push(Prisma.sql`"startedAt" < ${toStoredTime(query.to).getTime()}`);
  if (query.text !== undefined && query.text !== "") conditions.push(textCondition(query.text));
  if (query.cursor !== undefined) {
    const { startedAtMs, id } = decodeRunCursor(query.cursor);
    conditions.push(Prisma.sql`("startedAt", "id") < (${startedAtMs}, ${id})`);
  }
  return conditions;
}

// instr() instead of LIKE: % and _ in the text are only characters.
function textCondition(text: string): Prisma.Sql {
  return Prisma.sql`instr(
    lower("server" || char(10) || coalesce("image", '') || char(10) || coalesce("verdictSummary", '')), lower(${text})
  ) > 0`;
}

async function findRunsInOrder(prisma: PrismaClient, ids: readonly string[]): Promise<readonly RunRecord[]> {
  if (ids.length === 0) return [];
  const rows = await prisma.run.findMany({ where: { id: { in: [...ids] } } });
  const rowsById = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = rowsById.get(id);
    return row === undefined ? [] : [runFromRow(row)];
  });
}

function cursorAfter(runs: readonly RunRecord[]): string | null {
  const last = runs.at(-1);
  if (last === undefined) return null;
  return encodeRunCursor({ startedAtMs: Date.parse(last.startedAt), id: last.id });
}
