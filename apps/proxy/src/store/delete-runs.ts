import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { workInSteps } from "./paced-work.ts";
import { findGroupIds } from "./run-group.ts";
import { toStoredTime } from "./stored-value.ts";

const firstRuns = 50;
const stepRunsMax = 1_000;
const firstSummaries = 500;
const stepSummariesMax = 20_000;
const groupsMax = 1_000_000;

export interface DeleteRunsRequest {
  /** RFC 3339: runs that began before and have ended. */
  readonly before: string;
  readonly signal?: AbortSignal | undefined;
}

/** Deletes runs and all that hangs on them, oldest first, so that what is interrupted has only begun at the right end. */
export async function deleteRuns(prisma: PrismaClient, request: DeleteRunsRequest): Promise<boolean> {
  const { before, signal } = request;
  const groups = await findGroupIds(prisma, { filter: { state: "ended" }, limit: groupsMax });
  const step = (runs: number): Promise<number> => prisma.$executeRaw(deleteRunsSql({ before, groups, runs }));
  return await workInSteps({ first: firstRuns, max: stepRunsMax, step, signal });
}

export function deleteRunsSql({
  before,
  groups,
  runs,
}: {
  readonly before: string;
  readonly groups: readonly number[];
  readonly runs: number;
}): Prisma.Sql {
  return Prisma.sql`DELETE FROM "Run" WHERE "id" IN (
    SELECT "id" FROM "Run" WHERE "startedAt" < ${toStoredTime(before).getTime()}
      AND +"groupId" IN (SELECT "value" FROM json_each(${JSON.stringify(groups)}))
    ORDER BY "startedAt" ASC, "id" ASC LIMIT ${runs})`;
}

/** What the last deleted run had in common with others, and nobody has any more. */
export async function deleteUnusedSummaries(prisma: PrismaClient, signal?: AbortSignal): Promise<boolean> {
  let after = 0;
  const step = async (summaries: number): Promise<number> => {
    const ids = await nextSummaryIds(prisma, { after, limit: summaries });
    const last = ids.at(-1);
    if (last !== undefined) {
      await prisma.$executeRaw`DELETE FROM "RunSummary" WHERE "id" > ${after} AND "id" <= ${last}
        AND NOT EXISTS (SELECT 1 FROM "RunSummaryTally" WHERE "summaryId" = "RunSummary"."id")`;
      after = last;
    }
    return ids.length;
  };
  return await workInSteps({ first: firstSummaries, max: stepSummariesMax, step, signal });
}

async function nextSummaryIds(
  prisma: PrismaClient,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly number[]> {
  const rows = await prisma.runSummary.findMany({
    where: { id: { gt: after } },
    orderBy: { id: "asc" },
    take: limit,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}
