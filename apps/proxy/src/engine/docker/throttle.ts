export interface Throttle<Value> {
  /** Publishes it now, or the newest one when the interval is over. */
  offer(value: Value): void;
  /** Publishes what is still held back. */
  flush(): void;
}

/** Publishes at most once per interval; the last value always comes through. */
export function createThrottle<Value>(request: {
  readonly intervalMs: number;
  publish(value: Value): void;
}): Throttle<Value> {
  let held: { readonly value: Value } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (held === undefined) return;
    const { value } = held;
    held = undefined;
    request.publish(value);
    timer = setTimeout(flush, request.intervalMs).unref();
  };
  return {
    offer(value) {
      held = { value };
      if (timer === undefined) flush();
    },
    flush,
  };
}
