import type { VerdictKind } from "@mcpproxy/core/verdict/verdict";

/** Verdicts about memory, as the saved view of the Runs page has them. */
export const memoryKinds: readonly VerdictKind[] = ["oom_killed", "oom_child", "oom_likely", "oom_heap", "host_oom"];

/** Ended by itself or by somebody else, and not as it should. */
export const crashKinds: readonly VerdictKind[] = [
  "stop_timeout",
  "killed_outside",
  "sigkill_unknown",
  "crashed_signal",
  "app_error",
  "lost",
];

/** Never became ready. */
export const startKinds: readonly VerdictKind[] = [
  "start_failed",
  "image_failed",
  "handshake_failed",
  "package_failed",
  "engine_unavailable",
];
