import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import type { EngineSet } from "../engine/engine-set.ts";
import type { OutageRepository } from "../store/store.ts";

export interface RecordOutagesOptions {
  readonly engines: EngineSet;
  readonly outages: OutageRepository;
  /** RFC 3339. */
  now(): string;
  onError(error: unknown): void;
}

export interface OutageRecorder {
  /** Takes down how the engines in use are now; later changes come by themselves. */
  noteAll(): void;
  /** Resolves when everything so far is stored. Never rejects. */
  settled(): Promise<void>;
}

/** Stores each time in which an engine does not answer, or its events are missed, as one outage with beginning and end. */
export function recordOutages({ engines, outages, now, onError }: RecordOutagesOptions): OutageRecorder {
  let writes: Promise<void> = Promise.resolve();
  const note = ({ state, context, endpoint, problem }: EngineStatus): void => {
    const at = now();
    const reason = problem?.message ?? "It does not answer.";
    // In order: an end must not overtake its beginning.
    writes = writes
      .then(() =>
        state === "available" ? outages.end({ endpoint, at }) : outages.begin({ context, endpoint, reason, from: at }),
      )
      .catch(onError);
  };
  const noteMissedEvents = ({ context, endpoint }: EngineStatus, { from, to }: { from: string; to: string }): void => {
    const reason = "Docker answered, but its stream of events was cut.";
    writes = writes
      .then(() => outages.begin({ context, endpoint, reason, from }))
      .then(() => outages.end({ endpoint, at: to }))
      .catch(onError);
  };
  engines.onChange((change) => {
    if (change.kind === "engine-changed") note(change.status);
    if (change.kind === "events-missed") noteMissedEvents(change.status, change.gap);
  });
  return {
    noteAll: () => {
      for (const { status } of engines.list()) note(status);
    },
    settled: () => writes,
  };
}
