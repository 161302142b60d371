import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import type { RunPosition } from "./run-cursor.ts";
import { groupsWithText, type RunGroup } from "./run-group.ts";
import { allOf, inListOrder, rangeConditions, upTo, type RunRange } from "./run-range.ts";

/** The driver works on the event loop: some milliseconds per slice, and calls of servers go on in between. */
const firstSliceRuns = 1_000;
const sliceRuns = 20_000;

const positionsSchema = z.array(z.object({ startedAt: z.number(), id: z.string() }));

/** Goes through a stretch of the list in slices, each as conditions for its rows. Reads the index only. */
export async function* slicesOf(prisma: PrismaClient, range: RunRange): AsyncGenerator<readonly Prisma.Sql[]> {
  let { after } = range;
  for (let size = firstSliceRuns; ; size = Math.min(size * 4, sliceRuns)) {
    const rest = { ...range, after };
    const end = await positionAt(prisma, { range: rest, offset: size - 1 });
    const conditions = rangeConditions(rest);
    yield end === undefined ? conditions : [...conditions, upTo(end, range.direction)];
    if (end === undefined) return;
    after = end;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What a row must have to match a text, in the groups that a filter lets through. */
export function textCondition(groups: readonly RunGroup[], text: string): Prisma.Sql {
  const byGroup = groupsWithText(groups, text);
  // instr() instead of LIKE: % and _ in the text are only characters.
  const bySummary = Prisma.sql`instr(lower("verdictSummary"), lower(${text})) > 0`;
  return Prisma.sql`(${groupIn(byGroup)} OR ${bySummary})`;
}

export function groupIn(groups: readonly RunGroup[]): Prisma.Sql {
  // One parameter, however many groups.
  return Prisma.sql`"groupId" IN (SELECT "value" FROM json_each(${JSON.stringify(groups.map(({ id }) => id))}))`;
}

async function positionAt(
  prisma: PrismaClient,
  { range, offset }: { readonly range: RunRange; readonly offset: number },
): Promise<RunPosition | undefined> {
  const rows = await prisma.$queryRaw(Prisma.sql`
    SELECT CAST("startedAt" AS INTEGER) AS "startedAt", "id" FROM "Run" WHERE ${allOf(rangeConditions(range))}
    ${inListOrder(range.direction)} LIMIT 1 OFFSET ${offset}`);
  const [row] = positionsSchema.parse(rows);
  return row === undefined ? undefined : { startedAtMs: row.startedAt, id: row.id };
}
