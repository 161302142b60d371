import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import type { RunPosition } from "./run-cursor.ts";
import { allOf, inListOrder, rangeConditions, upTo, type RunRange } from "./run-range.ts";

/** The driver works on the event loop: some milliseconds per slice, and calls of servers go on in between. */
const firstSliceRuns = 1_000;
const sliceRuns = 20_000;

const positionsSchema = z.array(z.object({ startedAtMs: z.number(), id: z.string() }));

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

/** The run at this distance from the beginning of a stretch; undefined when it is shorter. */
export async function positionAt(
  prisma: PrismaClient,
  { range, offset }: { readonly range: RunRange; readonly offset: number },
): Promise<RunPosition | undefined> {
  const [position] = positionsSchema.parse(await prisma.$queryRaw(positionSql(range, offset)));
  return position;
}

/** Not named startedAt: the order would be that of the expression, which no index has. */
export function positionSql(range: RunRange, offset: number): Prisma.Sql {
  return Prisma.sql`
    SELECT CAST("startedAt" AS INTEGER) AS "startedAtMs", "id" FROM "Run" WHERE ${allOf(rangeConditions(range))}
    ${inListOrder(range.direction)} LIMIT 1 OFFSET ${offset}`;
}
