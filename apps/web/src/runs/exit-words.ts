import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { signalName } from "@mcpproxy/core/verdict/signals";

/** How the process ended: "0", "137 SIGKILL", "SIGTERM"; nothing when there was no process to end. */
export function exitWords({ exitCode, signal }: Pick<RunRecord, "exitCode" | "signal">): string | undefined {
  if (exitCode === null) return signal === null ? undefined : signalName(signal);
  const signalNumber = signal ?? (exitCode > 128 && exitCode < 160 ? exitCode - 128 : undefined);
  return signalNumber === undefined ? String(exitCode) : `${exitCode} ${signalName(signalNumber)}`;
}
