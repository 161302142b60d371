import type { ServerState } from "@mcpproxy/core/run/server-record";

/** What can happen to a server, as past facts. */
export type ServerEvent =
  | "start-decided"
  | "image-ready"
  | "created"
  | "started"
  | "initialized"
  | "stop-decided"
  | "ended"
  | "engine-lost"
  | "engine-found"
  | "config-refused"
  | "config-accepted";

/** Every transition there is; an event that is not listed for a state is a bug, not a surprise to be tolerated. */
export const serverTransitions: Readonly<Record<ServerState, Partial<Record<ServerEvent, ServerState>>>> = {
  stopped: {
    "start-decided": "pulling",
    "engine-lost": "engine_unavailable",
    "config-refused": "refused",
    "config-accepted": "stopped",
  },
  pulling: { "image-ready": "creating", "stop-decided": "stopping", ended: "stopped" },
  creating: { created: "starting", "stop-decided": "stopping", ended: "stopped" },
  starting: { started: "initializing", "stop-decided": "stopping", ended: "stopped" },
  initializing: { initialized: "ready", "stop-decided": "stopping", ended: "stopped" },
  ready: { "stop-decided": "stopping", ended: "stopped" },
  stopping: { "stop-decided": "stopping", ended: "stopped" },
  refused: { "config-accepted": "stopped", "config-refused": "refused" },
  engine_unavailable: {
    "engine-found": "stopped",
    "config-refused": "refused",
    "config-accepted": "stopped",
    "start-decided": "pulling",
  },
};

/** The next state; undefined where the event changes nothing in this state. */
export function nextServerState(state: ServerState, event: ServerEvent): ServerState | undefined {
  return serverTransitions[state][event];
}
