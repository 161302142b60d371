import type { VerdictKind } from "./verdict.ts";

export type VerdictTone = "good" | "neutral" | "warning" | "bad";

export interface VerdictWords {
  readonly label: string;
  readonly tone: VerdictTone;
  /** One sentence for a tooltip. */
  readonly description: string;
}

/** What each kind of verdict is called on pages and in the CLI. */
export const verdictWords: Readonly<Record<VerdictKind, VerdictWords>> = {
  oom_killed: {
    label: "Out of memory",
    tone: "bad",
    description: "The kernel killed it at its container's memory limit.",
  },
  oom_child: {
    label: "Child out of memory",
    tone: "warning",
    description: "A child process was killed at the memory limit; the server itself was not.",
  },
  oom_likely: {
    label: "Probably out of memory",
    tone: "bad",
    description: "Killed close to its memory limit, though the host set no out-of-memory flag.",
  },
  oom_heap: {
    label: "Heap limit",
    tone: "bad",
    description: "The runtime's own heap limit was reached, not the container's.",
  },
  host_oom: {
    label: "Host out of memory",
    tone: "bad",
    description: "Several containers were killed at once: the host probably ran out of memory.",
  },
  stopped_by_user: { label: "Stopped", tone: "neutral", description: "A person stopped or restarted it." },
  stopped_by_policy: {
    label: "Stopped by MCPProxy",
    tone: "neutral",
    description: "MCPProxy stopped it: shutdown, changed configuration, or idle.",
  },
  stop_timeout: {
    label: "Stop timed out",
    tone: "warning",
    description: "It ignored SIGTERM and was killed after the stop timeout.",
  },
  killed_outside: {
    label: "Killed from outside",
    tone: "warning",
    description: "Docker was told to stop or kill it, and not by MCPProxy.",
  },
  sigkill_unknown: {
    label: "Killed, sender unknown",
    tone: "bad",
    description: "It got a SIGKILL, and nothing tells from whom.",
  },
  crashed_signal: { label: "Crashed", tone: "bad", description: "A signal such as SIGSEGV ended it." },
  app_error: {
    label: "Exited with an error",
    tone: "bad",
    description: "The server ended itself with a non-zero exit code.",
  },
  start_failed: { label: "Start failed", tone: "bad", description: "Its program could not be started." },
  image_failed: { label: "Image failed", tone: "bad", description: "Its image could not be found or pulled." },
  handshake_failed: { label: "No initialize", tone: "bad", description: "It gave no valid answer to MCP initialize." },
  package_failed: { label: "Package failed", tone: "bad", description: "npm, uv or pip could not get its packages." },
  engine_unavailable: {
    label: "Docker unavailable",
    tone: "bad",
    description: "Docker could not be reached when it was to start.",
  },
  session_closed: {
    label: "Session closed",
    tone: "neutral",
    description: "The client left, and its own server ended with it.",
  },
  completed: { label: "Completed", tone: "good", description: "It exited with code 0 on its own." },
  lost: { label: "Outcome unknown", tone: "warning", description: "It vanished while Docker could not be watched." },
};
