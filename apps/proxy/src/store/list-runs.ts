import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import { findRunIds } from "./find-run-ids.ts";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { readRuns } from "./read-runs.ts";
import { decodeRunCursor, encodeRunCursor } from "./run-cursor.ts";
import { runNotFoundError } from "./store-error.ts";
import type { RunFilter, RunNeighbours, RunPage, RunQuery } from "./store.ts";

const pageLimitMax = 500;
const idRowsSchema = z.array(z.object({ id: z.string() }));

/** A page of runs, newest first; throws InvalidCursorError for a bad cursor and RangeError for a bad limit. */
export async function listRuns(prisma: PrismaClient, query: RunQuery): Promise<RunPage> {
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > pageLimitMax) {
    throw new RangeError(`limit must be a whole number from 1 to ${pageLimitMax}, not ${query.limit}`);
  }
  const ids = await findRunIds(prisma, {
    filter: query,
    after: query.cursor === undefined ? undefined : decodeRunCursor(query.cursor),
    direction: "older",
    limit: query.limit + 1,
  });
  const runs = await readRuns(prisma, { ids: ids.slice(0, query.limit), detail: query.detail ?? "whole" });
  return { runs, nextCursor: ids.length > query.limit ? cursorAfter(runs) : null };
}

/** The runs beside one in the list of a filter; the run itself need not be in it. Throws StoreError run_not_found. */
export async function findNeighbours(
  prisma: PrismaClient,
  { runId, filter }: { readonly runId: string; readonly filter: RunFilter },
): Promise<RunNeighbours> {
  const run = await prisma.run.findUnique({ where: { id: runId }, select: { startedAt: true } });
  if (run === null) throw runNotFoundError(runId);
  const after = { startedAtMs: run.startedAt.getTime(), id: runId };
  const [newer] = await findRunIds(prisma, { filter, after, direction: "newer", limit: 1 });
  const [older] = await findRunIds(prisma, { filter, after, direction: "older", limit: 1 });
  return { newer: newer ?? null, older: older ?? null };
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
  const runs = await readRuns(prisma, { ids, detail: "whole" });
  return new Map(runs.map((run) => [run.server, run]));
}

function cursorAfter(runs: readonly RunRecord[]): string | null {
  const last = runs.at(-1);
  if (last === undefined) return null;
  return encodeRunCursor({ startedAtMs: Date.parse(last.startedAt), id: last.id });
}
