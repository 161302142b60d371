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
  /** Tighter times, both inclusive, where whoever asks knows that the rest cannot matter. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** At most one condition for each end: SQLite enters an index by one only, and would read up to the other. */
export function rangeConditions(range: RunRange): readonly Prisma.Sql[] {
  const { after, direction } = range;
  const { fromMs, endMs } = boundsOf(range);
  const isPastFrom = after !== undefined && direction === "newer" && after.startedAtMs >= fromMs;
  const isPastEnd = after !== undefined && direction === "older" && after.startedAtMs < endMs;
  return [
    ...(Number.isFinite(fromMs) && !isPastFrom ? [Prisma.sql`"startedAt" >= ${fromMs}`] : []),
    ...(Number.isFinite(endMs) && !isPastEnd ? [Prisma.sql`"startedAt" < ${endMs}`] : []),
    ...(isPastFrom || isPastEnd ? [beyond(after, direction)] : []),
  ];
}

/** The tightest times; the end is exclusive. */
function boundsOf({ filter, fromMs, toMs }: RunRange): { readonly fromMs: number; readonly endMs: number } {
  const { from, to } = filter;
  return {
    fromMs: Math.max(from === undefined ? -Infinity : toStoredTime(from).getTime(), fromMs ?? -Infinity),
    endMs: Math.min(to === undefined ? Infinity : toStoredTime(to).getTime(), toMs === undefined ? Infinity : toMs + 1),
  };
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
