import type { Verdict } from "../verdict/verdict.ts";

export const runStates = ["pulling", "creating", "starting", "initializing", "ready", "stopping", "ended"] as const;
export type RunState = (typeof runStates)[number];

export type RunTrigger = "eager" | "call" | "user" | "config" | "stdio" | "restart";

export interface CallInFlight {
  readonly method: string;
  readonly tool?: string;
  /** The beginning of its arguments, without known secrets; only where the config has them kept. */
  readonly arguments?: string;
  readonly sessionId: string;
  readonly ageMs: number;
}

/** The engine of a run. */
export interface RunEngine {
  /** Docker context, "DOCKER_HOST", or "docker_host" for an address from the config. */
  readonly context: string;
  readonly endpoint: string;
}

/** How well a container is isolated, from what is in force and not from what was configured. */
export interface IsolationReport {
  /** 0 to 100 */
  readonly score: number;
  readonly weaknesses: readonly IsolationWeakness[];
  readonly isHostNetwork: boolean;
  readonly isPrivileged: boolean;
}

export interface IsolationWeakness {
  readonly code: string;
  readonly points: number;
  readonly message: string;
  readonly remedy: string;
}

export type RunIsolation = "docker" | "none" | "remote";

/** A run as REST, tRPC and the CLI give it. Times are RFC 3339, sizes bytes, durations milliseconds; absent is null. */
export interface RunRecord {
  readonly id: string;
  readonly server: string;
  readonly state: RunState;
  readonly verdict: Verdict | null;
  /** remote: it is somewhere else, and nothing was started. */
  readonly isolation: RunIsolation;
  /** Where the container is; null on the host, and for runs of versions that did not store it. */
  readonly engine: RunEngine | null;
  /** What inspect says is in force; null until it was asked. */
  readonly isolationReport: IsolationReport | null;
  readonly containerId: string | null;
  readonly containerName: string | null;
  readonly image: string | null;
  readonly imageDigest: string | null;
  /** Set when the image was built from a host's own Node, e.g. "v20.20.2". */
  readonly imageBuiltFromHost: string | null;
  readonly command: readonly string[];
  readonly dockerRunArgs: readonly string[] | null;
  readonly limits: {
    readonly memoryBytes: number | null;
    readonly cpus: number | null;
    readonly pids: number | null;
    readonly network: string | null;
  };
  readonly startedAt: string;
  readonly readyAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly timings: {
    readonly pullMs: number | null;
    readonly createMs: number | null;
    readonly startMs: number | null;
    readonly initializeMs: number | null;
  };
  readonly exitCode: number | null;
  readonly signal: number | null;
  readonly oomKilled: boolean;
  readonly peakMemoryBytes: number | null;
  readonly restartOf: string | null;
  readonly attempt: number;
  readonly trigger: RunTrigger;
  readonly stoppedBy: string | null;
  readonly sessions: number;
  readonly callsTotal: number;
  readonly callsInFlight: readonly CallInFlight[];
  readonly stderrTail: readonly string[];
  /** Of what it was started from: the same for two runs with the same settings. Null for runs of versions without it. */
  readonly configHash: string | null;
}

/** One line of a run's timeline. */
export interface RunEvent {
  readonly id: number;
  readonly runId: string;
  readonly at: string;
  readonly kind: RunEventKind;
  readonly message: string;
  readonly durationMs: number | null;
}

export const runEventKinds = [
  "decided",
  "pull-started",
  "pull-progress",
  "pull-finished",
  "pull-warning",
  "turn-awaited",
  "turn-came",
  "created",
  "start-sent",
  "started",
  "still-downloading",
  "initialized",
  "stdout-noise",
  "line-too-long",
  "oom",
  "kill",
  "paused",
  "unpaused",
  "stop-intended",
  "stdin-closed",
  "sigterm-sent",
  "sigkill-sent",
  "died",
  "engine-lost",
  "engine-back",
  "health-check-failed",
  "health-check-passed-again",
  "request-refused",
  "limit-exceeded",
  "egress-open",
  "egress-denied",
  "failed",
  "ended",
  "removed",
] as const;
export type RunEventKind = (typeof runEventKinds)[number];

export interface RunSample {
  readonly at: string;
  /** Working set: usage minus inactive file cache. */
  readonly memoryBytes: number;
  readonly peakBytes: number | null;
  /** Average of cores in use since the reading before; 1 is one full core. Null where it cannot be read. */
  readonly cpuCores: number | null;
}
