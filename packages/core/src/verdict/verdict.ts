/** Why a run ended, in one word. The rules are in docs/verdicts.md. */
export const verdictKinds = [
  "oom_killed",
  "oom_child",
  "oom_likely",
  "oom_heap",
  "host_oom",
  "stopped_by_user",
  "stopped_by_policy",
  "stop_timeout",
  "killed_outside",
  "sigkill_unknown",
  "crashed_signal",
  "app_error",
  "start_failed",
  "image_failed",
  "handshake_failed",
  "package_failed",
  "engine_unavailable",
  "session_closed",
  "completed",
  "lost",
] as const;
export type VerdictKind = (typeof verdictKinds)[number];

export type Confidence = "certain" | "likely" | "unknown";

/** One observation that a verdict rests on, as shown under "why we say this". */
export interface EvidenceRow {
  readonly source:
    | "event"
    | "inspect"
    | "memory"
    | "intent"
    | "stop-step"
    | "stderr"
    | "engine"
    | "handshake"
    | "connection";
  /** RFC 3339, where the observation has a time. */
  readonly at?: string;
  readonly text: string;
}

export interface Verdict {
  readonly kind: VerdictKind;
  readonly confidence: Confidence;
  /** One sentence for people, e.g. "Out of memory: killed at the 64 MiB limit." */
  readonly summary: string;
  /** What to do about it, where there is something to do. */
  readonly remedy?: string;
  readonly evidence: readonly EvidenceRow[];
}
