import { runStates, type RunEngine } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { engineFromRow } from "./run-from-row.ts";
import { findGroupIds } from "./run-group.ts";
import { allOf } from "./run-range.ts";
import { slicesOf } from "./run-scan.ts";

const openStates = runStates.filter((state) => state !== "ended");
/** More than there can be groups of open runs. */
const openGroupsMax = 10_000;
const placesSchema = z.array(z.object({ engineContext: z.string().nullable(), engineEndpoint: z.string().nullable() }));

/** Open runs are few: the index of their groups finds them without reading the others. */
export function findOpenGroupIds(prisma: PrismaClient): Promise<readonly number[]> {
  return findGroupIds(prisma, { filter: { state: openStates }, limit: openGroupsMax });
}

/** The engines of runs that are open, or began at this time (RFC 3339) or later. */
export async function findRunEngines(prisma: PrismaClient, since: string): Promise<readonly RunEngine[]> {
  const found = new Map<string, RunEngine>();
  const collect = async (conditions: readonly Prisma.Sql[]): Promise<void> => {
    const rows = await prisma.$queryRaw(Prisma.sql`
      SELECT DISTINCT "engineContext", "engineEndpoint" FROM "Run" WHERE ${allOf(conditions)}`);
    for (const row of placesSchema.parse(rows)) {
      const engine = engineFromRow(row);
      if (engine !== null) found.set(JSON.stringify(engine), engine);
    }
  };
  const openGroups = JSON.stringify(await findOpenGroupIds(prisma));
  await collect([Prisma.sql`"groupId" IN (SELECT "value" FROM json_each(${openGroups}))`]);
  // Days of a busy proxy are tens of thousands of runs, and this is asked while servers start.
  for await (const slice of slicesOf(prisma, { filter: { from: since }, direction: "older" })) await collect(slice);
  return [...found.values()];
}
