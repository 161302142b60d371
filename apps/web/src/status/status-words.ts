import type { RunState } from "@mcpproxy/core/run/run-record";
import type { ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import { verdictWords } from "@mcpproxy/core/verdict/verdict-words";
import type { IconName } from "../ui/icon.tsx";

export type Tone = "good" | "busy" | "neutral" | "warning" | "bad";

/** How a status looks and reads: never by colour alone. */
export interface StatusWords {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
  readonly description: string;
}

const busy = { tone: "busy", icon: "ring" } as const;

const serverStates: Readonly<Record<ServerState, StatusWords>> = {
  stopped: { label: "Stopped", tone: "neutral", icon: "square", description: "Does not run. The next call starts it." },
  queued: {
    ...busy,
    label: "Queued",
    description: "Waits for its turn: other servers are starting, or no place is free.",
  },
  pulling: { ...busy, label: "Pulling image", description: "The engine downloads the image." },
  creating: { ...busy, label: "Creating", description: "The engine creates the container." },
  starting: { ...busy, label: "Starting", description: "The process is being started." },
  initializing: { ...busy, label: "Initializing", description: "Waiting for the answer to MCP initialize." },
  ready: { label: "Ready", tone: "good", icon: "check", description: "Runs and answers calls." },
  idle: {
    label: "Idle",
    tone: "neutral",
    icon: "square",
    description: "Stopped after a time without calls. The next call starts it.",
  },
  stopping: { ...busy, label: "Stopping", description: "Asked to end; force follows if it does not." },
  backing_off: {
    label: "Backing off",
    tone: "warning",
    icon: "ring",
    description: "Failed, and is tried again soon. A call tries at once.",
  },
  crash_looping: {
    label: "Crash looping",
    tone: "bad",
    icon: "triangle",
    description: "Fails again and again. Tried again later; Start tries now.",
  },
  parked: {
    label: "Parked",
    tone: "bad",
    icon: "cross",
    description: "Not tried any more until a person starts it or its configuration changes.",
  },
  refused: {
    label: "Refused",
    tone: "bad",
    icon: "forbidden",
    description: "Will not run until its configuration changes.",
  },
  engine_unavailable: {
    label: "Docker unavailable",
    tone: "warning",
    icon: "plug",
    description: "Nobody can talk to it while Docker is away. Starts as soon as Docker can be reached.",
  },
};

const disabled: StatusWords = {
  label: "Disabled",
  tone: "neutral",
  icon: "forbidden",
  description: "Switched off in the config file.",
};

const stoppedByUser: StatusWords = {
  ...serverStates.stopped,
  description: "A person stopped it. No call starts it again; Start does.",
};

/** How the state of a server looks and reads; one that is switched off on purpose is no failure. */
export function serverStatus({
  state,
  enabled,
  lastVerdict,
}: Pick<ServerRecord, "state" | "enabled" | "lastVerdict">): StatusWords {
  if (state === "refused" && !enabled) return disabled;
  if (state === "stopped" && lastVerdict?.verdict.kind === "stopped_by_user") return stoppedByUser;
  return serverStates[state];
}

export const runStatus: Readonly<Record<RunState, StatusWords>> = {
  pulling: serverStates.pulling,
  creating: serverStates.creating,
  starting: serverStates.starting,
  initializing: serverStates.initializing,
  ready: { ...serverStates.ready, label: "Running" },
  stopping: serverStates.stopping,
  ended: { label: "Ended", tone: "neutral", icon: "dash", description: "The run is over." },
};

const verdictIcons = { good: "check", neutral: "dash", warning: "triangle", bad: "cross" } as const;

/** How a verdict looks and reads. */
export function verdictStatus(verdict: Pick<Verdict, "kind">): StatusWords {
  const words = verdictWords[verdict.kind];
  return { ...words, icon: verdictIcons[words.tone] };
}
