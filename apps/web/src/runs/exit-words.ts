import type { RunRecord } from "@mcpproxy/core/run/run-record";

const signalNames: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  15: "SIGTERM",
};

/** How the process ended: "0", "137 SIGKILL", "SIGTERM"; nothing when there was no process to end. */
export function exitWords({ exitCode, signal }: Pick<RunRecord, "exitCode" | "signal">): string | undefined {
  if (exitCode === null) return signal === null ? undefined : signalName(signal);
  const signalNumber = signal ?? (exitCode > 128 && exitCode < 160 ? exitCode - 128 : undefined);
  return signalNumber === undefined ? String(exitCode) : `${exitCode} ${signalName(signalNumber)}`;
}

function signalName(number: number): string {
  return signalNames[number] ?? `signal ${number}`;
}
