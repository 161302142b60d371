/** The time of a UUIDv7 to the millisecond: enough to tell runs apart, and short enough for a table. */
const shortLength = 13;

/** The beginning of a run's id, which `runs show` takes too. */
export function shortRunId(id: string): string {
  return id.slice(0, shortLength);
}
