import type { RunEvent } from "@mcpproxy/core/run/run-record";

export interface TimelineRow {
  readonly event: RunEvent;
  /** Milliseconds since the run was decided. */
  readonly offsetMs: number;
}

/** Events in order of time with their distance from the start; of a pull's progress only the last line. */
export function timelineRows({
  events,
  startedAt,
}: {
  events: readonly RunEvent[];
  startedAt: string;
}): readonly TimelineRow[] {
  const startMs = Date.parse(startedAt);
  const sorted = events.toSorted(
    (left, right) => endsAfter(left, right) || Date.parse(left.at) - Date.parse(right.at) || left.id - right.id,
  );
  const lastProgress = sorted.findLast((event) => event.kind === "pull-progress");
  const latestMs = Math.max(...sorted.map((event) => Date.parse(event.at)));
  return sorted
    .filter((event) => event.kind !== "pull-progress" || event === lastProgress)
    .map((event) => ({
      event,
      offsetMs: Math.max(0, (event.kind === "ended" ? latestMs : Date.parse(event.at)) - startMs),
    }));
}

/** The verdict comes last, although it carries the time of death and word of that death came later. */
function endsAfter(left: RunEvent, right: RunEvent): number {
  return Number(left.kind === "ended") - Number(right.kind === "ended");
}

/** An offset with a sign, "+0.430 s", "+75.2 s", so that a column of them lines up. */
export function formatOffset(offsetMs: number): string {
  return offsetMs < 10_000 ? `+${(offsetMs / 1_000).toFixed(3)} s` : `+${(offsetMs / 1_000).toFixed(1)} s`;
}
