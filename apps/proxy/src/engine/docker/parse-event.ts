import type { EngineEvent } from "@mcpproxy/core/verdict/exit-evidence";
import { z } from "zod";

const recordedActions = ["create", "start", "oom", "kill", "die", "stop", "pause", "unpause", "destroy"] as const;

const eventSchema = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).default({}) }),
  timeNano: z.number(),
});

/** One event of the engine and the container it is about. */
export interface ContainerEvent {
  readonly containerId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly timeNano: number;
  readonly event: EngineEvent;
}

/** Reads one line of the events stream; undefined for an event that says nothing about how a container lives or dies. */
export function parseContainerEvent(line: string): ContainerEvent | undefined {
  const { Action, Actor, timeNano } = eventSchema.parse(JSON.parse(line));
  const action = recordedActions.find((known) => known === Action);
  if (action === undefined) return undefined;
  const { signal, exitCode } = Actor.Attributes;
  return {
    containerId: Actor.ID,
    labels: Actor.Attributes,
    timeNano,
    event: {
      at: new Date(timeNano / 1e6).toISOString(),
      action,
      ...(signal === undefined ? {} : { signal: Number(signal) }),
      ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
    },
  };
}
