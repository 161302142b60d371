import type { IsolationWeakness } from "../run/run-record.ts";

/** One row of a table of weaknesses: it counts when the first entry is true. */
export type WeaknessRow = readonly [isWeak: boolean, weakness: IsolationWeakness];

/** The weaknesses of the rows that hold. */
export function weaknessesOf(rows: readonly WeaknessRow[]): readonly IsolationWeakness[] {
  return rows.flatMap(([isWeak, weakness]) => (isWeak ? [weakness] : []));
}
