/** All times are RFC 3339 strings with at least millisecond precision. */
export interface EngineEvent {
  readonly at: string;
  readonly action: "create" | "start" | "oom" | "kill" | "die" | "stop" | "pause" | "unpause" | "destroy";
  /** Signal number of a kill event. */
  readonly signal?: number;
  readonly exitCode?: number;
}

export type PolicyReason =
  | "shutdown"
  | "config_changed"
  | "limit_changed"
  | "idle"
  | "session_closed"
  | "recovered"
  /** MCPProxy itself ended before there was a process. */
  | "interrupted"
  /** The engine went away and came back: the container still runs, but its stdio is lost. */
  | "cut_off"
  /** Did not answer health checks. */
  | "unhealthy"
  /** Nobody used it, and another server waited for a free place. */
  | "made_room";

/** Stored before the first signal is sent, so that our own stops are never mistaken for outside kills. */
export interface StopIntent {
  readonly at: string;
  readonly reason:
    | { readonly kind: "user"; readonly note?: string }
    | { readonly kind: "policy"; readonly policy: PolicyReason; readonly detail?: string };
  /** "admin (token ops-laptop)", "mcpproxy". */
  readonly actor: string;
}

export interface StopStep {
  readonly at: string;
  readonly step: "stdin-closed" | "sigterm" | "sigkill";
}

export type ImageFailureCode =
  | "not_found"
  | "denied"
  | "registry_unreachable"
  | "timed_out"
  | "no_space"
  | "wrong_platform"
  | "other";

/** What went wrong before the server was ready; the exit evidence of a run that never had a process is only this. */
export type StartFailure =
  | { readonly stage: "engine"; readonly message: string; readonly remedy?: string }
  | { readonly stage: "image"; readonly code: ImageFailureCode; readonly message: string; readonly remedy?: string }
  | { readonly stage: "create" | "start"; readonly message: string; readonly exitCode?: number }
  | {
      readonly stage: "handshake";
      readonly cause: "timed_out" | "exited" | "invalid_answer" | "error_answer";
      readonly message: string;
    };

/** Everything known when a run ended. Gathered by the supervisor, judged by classifyExit. */
export interface ExitEvidence {
  readonly isolation: "docker" | "none" | "remote";
  readonly command: readonly string[];
  readonly image?: string;
  readonly network?: string;
  readonly startedAt: string;
  readonly readyAt?: string;
  readonly endedAt: string;
  /** As the engine tells after the end: "gone" when inspect no longer finds it, "none" when none was created. */
  readonly containerState: "none" | "created" | "exited" | "running" | "gone";
  readonly exitCode?: number;
  /** Signal number of a host process that a signal ended. */
  readonly signal?: number;
  readonly isOomFlagSet: boolean;
  readonly stateError?: string;
  readonly events: readonly EngineEvent[];
  readonly intents: readonly StopIntent[];
  readonly stopSteps: readonly StopStep[];
  readonly failure?: StartFailure;
  readonly memory: {
    readonly limitBytes?: number;
    readonly peakBytes?: number;
    /** Who measured the peak: the kernel without a break, or our readings now and then. */
    readonly peakSource?: "kernel" | "readings";
  };
  readonly stderrTail: readonly string[];
  readonly eventGap?: { readonly from: string; readonly to: string };
  /** How many other containers of this instance were killed within the same second, and nothing told why. */
  readonly otherDeathsInSameSecond: number;
  readonly isSessionScoped: boolean;
  readonly stopTimeoutMs: number;
}
