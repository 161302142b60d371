/** Resolves at the first SIGINT, SIGTERM or SIGHUP. Further ones are ignored: the ordered stop is under way and bounded. */
export function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, resolve);
  return promise;
}
