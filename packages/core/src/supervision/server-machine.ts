import type { ServerState } from "../run/server-record.ts";

/** What can happen to a server, as past facts. */
export const serverEvents = [
  "start-decided",
  "turn-awaited",
  "turn-came",
  "created",
  "started",
  "initialized",
  "cut-off",
  "stop-decided",
  "ended",
  "ended-idle",
  "failed",
  "failed-repeatedly",
  "given-up",
  "wait-ended",
  "engine-lost",
  "engine-found",
  "config-refused",
  "config-accepted",
] as const;
export type ServerEvent = (typeof serverEvents)[number];

type Transitions = Partial<Record<ServerEvent, ServerState>>;

/** A run can end at any moment of its life; what follows is decided by `decideRestart`. */
const ends = {
  ended: "stopped",
  failed: "backing_off",
  "failed-repeatedly": "crash_looping",
  "given-up": "parked",
} as const satisfies Transitions;
const running = { ...ends, "stop-decided": "stopping" } as const satisfies Transitions;
/** There is a process, and the engine may go away with its stdio. */
const started = { ...running, "cut-off": "engine_unavailable" } as const satisfies Transitions;

/** Without a run. */
const resting = {
  "start-decided": "pulling",
  "engine-lost": "engine_unavailable",
  "config-refused": "refused",
  "config-accepted": "stopped",
} as const satisfies Transitions;
/** Waiting for something; a person's stop ends that, or that nobody wants the server any more. */
const waiting = { ...resting, "wait-ended": "stopped" } as const satisfies Transitions;

/** Every transition there is; an event that is not listed for a state changes nothing in it. */
export const serverTransitions: Readonly<Record<ServerState, Transitions>> = {
  stopped: resting,
  queued: { ...running, "turn-came": "creating" },
  pulling: { ...running, "turn-awaited": "queued", "turn-came": "creating" },
  creating: { ...running, created: "starting" },
  starting: { ...started, started: "initializing" },
  initializing: { ...started, initialized: "ready" },
  ready: started,
  idle: waiting,
  stopping: { ...running, "ended-idle": "idle" },
  backing_off: waiting,
  crash_looping: waiting,
  parked: waiting,
  refused: { "config-accepted": "stopped", "config-refused": "refused" },
  // Also of a run that was cut off: it stays open until the engine tells its end.
  engine_unavailable: { ...running, ...waiting, "engine-found": "stopped" },
};

/** The next state; undefined where the event changes nothing in this state. */
export function nextServerState(state: ServerState, event: ServerEvent): ServerState | undefined {
  return serverTransitions[state][event];
}

/** States in which a run lives. */
export const runningStates = [
  "queued",
  "pulling",
  "creating",
  "starting",
  "initializing",
  "ready",
  "stopping",
] as const satisfies readonly ServerState[];

/** A server begins in one of these; parked when it was so before MCPProxy started. */
export const initialStates = ["stopped", "parked"] as const satisfies readonly ServerState[];

/** States that a start leads out of, when there is no run. */
export const restingStates = [
  "stopped",
  "idle",
  "backing_off",
  "crash_looping",
  "parked",
  "engine_unavailable",
] as const satisfies readonly ServerState[];
