import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { positionAt } from "./run-scan.ts";
import type { RetentionPolicy } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const daysSchema = z.array(z.object({ day: z.number(), runs: z.number() }));

/** The start (RFC 3339) of the oldest run that stays; undefined when a policy says nothing. */
export async function findCutoff(prisma: PrismaClient, policy: RetentionPolicy): Promise<string | undefined> {
  const { before, maxRuns } = policy;
  const byAge = before === undefined ? [] : [toStoredTime(before).getTime()];
  const bySize = maxRuns === undefined ? [] : await startOfNewest(prisma, Math.max(1, maxRuns));
  const cutoffMs = Math.max(...byAge, ...bySize);
  return Number.isFinite(cutoffMs) ? new Date(cutoffMs).toISOString() : undefined;
}

/** The start of the last of the newest so many; empty when there are fewer. Only the runs of one day are counted. */
async function startOfNewest(prisma: PrismaClient, runs: number): Promise<readonly number[]> {
  let left = runs;
  for (const { day, runs: runsOfDay } of await runsByDay(prisma)) {
    if (runsOfDay >= left) {
      const filter = { to: new Date((day + 1) * dayMs).toISOString() };
      const position = await positionAt(prisma, { range: { filter, direction: "older" }, offset: left - 1 });
      return position === undefined ? [] : [position.startedAtMs];
    }
    left -= runsOfDay;
  }
  return [];
}

/** Newest first. */
async function runsByDay(prisma: PrismaClient): Promise<z.infer<typeof daysSchema>> {
  const rows = await prisma.$queryRaw(Prisma.sql`
    SELECT "day", CAST(sum("runs") AS INTEGER) AS "runs" FROM "RunTally" GROUP BY "day" ORDER BY "day" DESC`);
  return daysSchema.parse(rows);
}
