/** Numbers of Linux on x86 and ARM, signal(7): containers run there whatever the host is. */
const names: ReadonlyMap<number, string> = new Map([
  [1, "SIGHUP"],
  [2, "SIGINT"],
  [3, "SIGQUIT"],
  [4, "SIGILL"],
  [5, "SIGTRAP"],
  [6, "SIGABRT"],
  [7, "SIGBUS"],
  [8, "SIGFPE"],
  [9, "SIGKILL"],
  [10, "SIGUSR1"],
  [11, "SIGSEGV"],
  [12, "SIGUSR2"],
  [13, "SIGPIPE"],
  [14, "SIGALRM"],
  [15, "SIGTERM"],
  [16, "SIGSTKFLT"],
  [24, "SIGXCPU"],
  [25, "SIGXFSZ"],
  [27, "SIGPROF"],
  [31, "SIGSYS"],
]);

/** "SIGSEGV" for 11, "signal 40" for one without a name of its own. */
export function signalName(signal: number): string {
  return names.get(signal) ?? `signal ${signal}`;
}

/** True for signals that end a process which does not handle them. */
export function isEndingSignal(signal: number): boolean {
  return names.has(signal);
}
