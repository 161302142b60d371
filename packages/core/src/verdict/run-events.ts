import type { EngineEvent, ExitEvidence } from "./exit-evidence.ts";

/** Of events in the same millisecond: what comes first in the life of a container. */
const order: readonly EngineEvent["action"][] = [
  "create",
  "start",
  "pause",
  "unpause",
  "oom",
  "kill",
  "die",
  "stop",
  "destroy",
];

/** The events of a run: in order, each once, and none of an earlier or later start of the same container. */
export function eventsOfRun({ events, endedAt }: Pick<ExitEvidence, "events" | "endedAt">): readonly EngineEvent[] {
  const inOrder = [...new Map(events.map((event) => [keyOf(event), event])).values()].toSorted(compare);
  const starts = inOrder.flatMap(({ action }, index) => (action === "start" ? [index] : []));
  if (starts.length < 2) return inOrder;
  // Start and end are both told by the engine's clock, so this holds also when it differs from ours.
  const mine = starts.findLastIndex((index) => timeMs(inOrder[index]) <= Date.parse(endedAt));
  return inOrder.slice(mine <= 0 ? 0 : starts[mine], starts[Math.max(0, mine) + 1]);
}

function keyOf({ at, action, signal, exitCode }: EngineEvent): string {
  return JSON.stringify([at, action, signal, exitCode]);
}

function compare(one: EngineEvent, other: EngineEvent): number {
  const byTime = timeMs(one) - timeMs(other);
  if (byTime !== 0) return byTime;
  const byAction = order.indexOf(one.action) - order.indexOf(other.action);
  return byAction === 0 ? keyOf(one).localeCompare(keyOf(other)) : byAction;
}

function timeMs(event: EngineEvent | undefined): number {
  return event === undefined ? Number.NaN : Date.parse(event.at);
}
