const names: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  31: "SIGSYS",
};

export const sigkill = 9;
export const sigterm = 15;

/** The name of a Linux signal, or "signal 42". */
export function signalName(signal: number): string {
  return names[signal] ?? `signal ${signal}`;
}

/** The signal in an exit code of 128+n; undefined when the code is a plain one. */
export function signalOfExitCode(exitCode: number): number | undefined {
  const signal = exitCode - 128;
  return names[signal] === undefined ? undefined : signal;
}
