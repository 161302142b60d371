import { mergeCallCounts, type CallCounts } from "@mcpproxy/core/run/call-counts";
import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { parseStoredJson } from "./stored-json.ts";
import { toStoredTime } from "./stored-value.ts";
import type { ServerCallsQuery, ToolCallsOfHour } from "./store.ts";

const hourMs = 3_600_000;
/** Ten values each; SQLite takes some tens of thousands in a statement. */
const rowsPerStatement = 200;
const bucketsSchema = z.array(z.number());
const rowsSchema = z.array(
  z.object({
    runId: z.string(),
    tool: z.string(),
    calls: z.coerce.number(),
    errors: z.coerce.number(),
    cancelled: z.coerce.number(),
    totalMs: z.number(),
    maxMs: z.number(),
    bucketsJson: z.string(),
  }),
);

/** Prisma has no upsert of many rows. */
export async function putRunToolCalls(prisma: PrismaClient, rows: readonly ToolCallsOfHour[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerStatement)
    await prisma.$executeRaw(putSql(rows.slice(from, from + rowsPerStatement)));
}

/** Counts of runs that are not there (deleted, or never written) are dropped: they would fail those of the others. */
function putSql(rows: readonly ToolCallsOfHour[]): Prisma.Sql {
  const values = rows.map(
    (row) =>
      Prisma.sql`(${row.runId}, ${row.tool}, ${row.hour}, ${row.server}, ${row.calls}, ${row.errors}, ${row.cancelled}, ${row.totalMs}, ${row.maxMs}, ${JSON.stringify(row.buckets)})`,
  );
  return Prisma.sql`
    INSERT INTO "RunToolCalls"
      ("runId", "tool", "hour", "server", "calls", "errors", "cancelled", "totalMs", "maxMs", "bucketsJson")
    SELECT * FROM (VALUES ${Prisma.join(values)}) WHERE EXISTS (SELECT 1 FROM "Run" WHERE "id" = "column1")
    ON CONFLICT ("runId", "tool", "hour") DO UPDATE SET
      "calls" = excluded."calls", "errors" = excluded."errors", "cancelled" = excluded."cancelled",
      "totalMs" = excluded."totalMs", "maxMs" = excluded."maxMs", "bucketsJson" = excluded."bucketsJson"`;
}

export function listRunToolCalls(prisma: PrismaClient, runId: string): Promise<readonly CallCounts[]> {
  return readCounts(prisma, runToolCallsSql(runId));
}

export function sumServerToolCalls(prisma: PrismaClient, query: ServerCallsQuery): Promise<readonly CallCounts[]> {
  return readCounts(prisma, serverToolCallsSql(query));
}

const columns = Prisma.sql`"runId", "tool", "calls", "errors", "cancelled", "totalMs", "maxMs", "bucketsJson"`;

export function runToolCallsSql(runId: string): Prisma.Sql {
  return Prisma.sql`SELECT ${columns} FROM "RunToolCalls" WHERE "runId" = ${runId}`;
}

export function serverToolCallsSql({ server, from, to }: ServerCallsQuery): Prisma.Sql {
  const until = to === undefined ? Prisma.empty : Prisma.sql`AND "hour" <= ${hourOf(to)}`;
  return Prisma.sql`SELECT ${columns} FROM "RunToolCalls" WHERE "server" = ${server} AND "hour" >= ${hourOf(from)} ${until}`;
}

function hourOf(time: string): number {
  return Math.floor(toStoredTime(time).getTime() / hourMs);
}

async function readCounts(prisma: PrismaClient, sql: Prisma.Sql): Promise<readonly CallCounts[]> {
  const rows = rowsSchema.parse(await prisma.$queryRaw(sql));
  return mergeCallCounts(
    rows.map(({ runId, bucketsJson, ...counts }) => ({
      ...counts,
      buckets: parseStoredJson({ schema: bucketsSchema, text: bucketsJson, place: { runId, column: "tool calls" } }),
    })),
  );
}
