import type { EngineEvent } from "@mcpproxy/core/verdict/exit-evidence";
import type { EventGap } from "./engine-watch.ts";
import type { ContainerEvent } from "./parse-event.ts";

/** What lies between an event and its arrival is less; more is a clock that is off, as in a virtual machine that slept. */
const clockToleranceMs = 2_000;

/** What the engine said about one container, without the repetitions of a reconnected stream. */
export interface EventLog {
  readonly events: readonly EngineEvent[];
  readonly gap: EventGap | undefined;
  /** False for an event that is already there. */
  add(event: ContainerEvent): boolean;
  addGap(gap: EventGap): void;
  /** Tells when an event arrived here, by which the engine's clock is known. */
  noteArrival(event: ContainerEvent, arrivedMs: number): void;
  /** A time of the engine by our clock. */
  toOurTime(at: string): string;
  has(...actions: readonly EngineEvent["action"][]): boolean;
}

/** Creates an empty log. */
export function createEventLog(): EventLog {
  const events: EngineEvent[] = [];
  const seen = new Set<string>();
  let gap: EventGap | undefined;
  /** How far the engine's clock is ahead of ours; events only ever come late, so the highest is the nearest. */
  let clockLeadMs: number | undefined;
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
    noteArrival({ timeNano }, arrivedMs) {
      clockLeadMs = Math.max(clockLeadMs ?? Number.NEGATIVE_INFINITY, timeNano / 1e6 - arrivedMs);
    },
    toOurTime(at) {
      if (clockLeadMs === undefined || Math.abs(clockLeadMs) < clockToleranceMs) return at;
      return new Date(Date.parse(at) - clockLeadMs).toISOString();
    },
    has: (...actions) => events.some((event) => actions.includes(event.action)),
  };
}
