import { Prisma } from "./generated/prisma/client.ts";
import type { RunPosition } from "./run-cursor.ts";
import type { RunFilter } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

export type Direction = "older" | "newer";

/** A stretch of the list: the times of a filter, from one run on, in one direction. */
export interface RunRange {
  readonly filter: Pick<RunFilter, "from" | "to">;
  /** Runs beyond this one; from the end of the list when left out. */
  readonly after?: RunPosition | undefined;
  readonly direction: Direction;
}

export function rangeConditions({ filter, after, direction }: RunRange): readonly Prisma.Sql[] {
  const { from, to } = filter;
  return [
    ...(from === undefined ? [] : [Prisma.sql`"startedAt" >= ${toStoredTime(from).getTime()}`]),
    ...(to === undefined ? [] : [Prisma.sql`"startedAt" < ${toStoredTime(to).getTime()}`]),
    ...(after === undefined ? [] : [beyond(after, direction)]),
  ];
}

/** Row values: one index range instead of a comparison per row. */
function beyond({ startedAtMs, id }: RunPosition, direction: Direction): Prisma.Sql {
  return direction === "older"
    ? Prisma.sql`("startedAt", "id") < (${startedAtMs}, ${id})`
    : Prisma.sql`("startedAt", "id") > (${startedAtMs}, ${id})`;
}

/** The other end of a stretch, itself included. */
export function upTo({ startedAtMs, id }: RunPosition, direction: Direction): Prisma.Sql {
  return direction === "older"
    ? Prisma.sql`("startedAt", "id") >= (${startedAtMs}, ${id})`
    : Prisma.sql`("startedAt", "id") <= (${startedAtMs}, ${id})`;
}

export function inListOrder(direction: Direction): Prisma.Sql {
  return direction === "older"
    ? Prisma.sql`ORDER BY "startedAt" DESC, "id" DESC`
    : Prisma.sql`ORDER BY "startedAt" ASC, "id" ASC`;
}

export function allOf(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`1 = 1` : Prisma.join([...conditions], " AND ");
}
