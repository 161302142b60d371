import type { ProxyProblem } from "@mcpproxy/core/run/server-record";

const lookEveryMs = 2_000;

/** Tells when what MCPProxy cannot write becomes something else; returns what ends that. */
export function watchProblems(read: () => readonly ProxyProblem[], onChange: () => void): () => void {
  let known = JSON.stringify(read());
  const timer = setInterval(() => {
    const present = JSON.stringify(read());
    if (present === known) return;
    known = present;
    onChange();
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
