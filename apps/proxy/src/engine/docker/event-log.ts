import type { EngineEvent } from "@mcpproxy/core/verdict/exit-evidence";
import type { EventGap } from "./engine-watch.ts";
import type { ContainerEvent } from "./parse-event.ts";

/** What the engine said about one container, without the repetitions of a reconnected stream. */
export interface EventLog {
  readonly events: readonly EngineEvent[];
  readonly gap: EventGap | undefined;
  /** False for an event that is already there. */
  add(event: ContainerEvent): boolean;
  addGap(gap: EventGap): void;
  has(...actions: readonly EngineEvent["action"][]): boolean;
}

/** Creates an empty log. */
export function createEventLog(): EventLog {
  const events: EngineEvent[] = [];
  const seen = new Set<string>();
  let gap: EventGap | undefined;
  return {
    events,
    get gap() {
      return gap;
    },
    add({ event, timeNano }) {
      const key = `${timeNano} ${event.action} ${event.signal ?? ""}`;
      if (seen.has(key)) return false;
      seen.add(key);
      events.push(event);
      return true;
    },
    addGap(next) {
      gap = { from: gap?.from ?? next.from, to: next.to };
    },
    has: (...actions) => events.some((event) => actions.includes(event.action)),
  };
}
