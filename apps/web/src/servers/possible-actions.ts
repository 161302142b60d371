import type { ServerState } from "@mcpproxy/core/run/server-record";

export type ServerAction = "start" | "stop" | "restart";

/** What a person can do with a server in a state; nothing where only its configuration helps. */
export function possibleActions(state: ServerState): readonly ServerAction[] {
  switch (state) {
    case "stopped":
    case "idle":
    case "parked":
    case "engine_unavailable":
      return ["start"];
    case "backing_off":
    case "crash_looping":
      return ["start", "stop"];
    case "ready":
      return ["stop", "restart"];
    case "queued":
    case "pulling":
    case "creating":
    case "starting":
    case "initializing":
    case "stopping":
      return ["stop"];
    case "refused":
      return [];
    default:
      return state satisfies never;
  }
}
