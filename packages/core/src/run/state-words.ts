import type { ServerState } from "./server-record.ts";

/** What a server does in each state, after its name in a sentence. */
export const stateWords: Readonly<Record<ServerState, string>> = {
  stopped: "is stopped",
  queued: "waits for its turn to start",
  pulling: "waits for its image",
  creating: "is being created",
  starting: "is starting",
  initializing: "has not answered initialize yet",
  ready: "is ready",
  idle: "is idle: the next call starts it",
  stopping: "is stopping",
  backing_off: "failed and is tried again soon",
  crash_looping: "fails again and again and is tried again later",
  parked: "is parked: it is not tried any more",
  refused: "is refused",
  engine_unavailable: "waits for Docker",
};
