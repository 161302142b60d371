const tickMs = 1_000;

let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** The one clock of the page: ticks once a second while anything on the page shows a running time. */
export function subscribeToClock(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time of the last tick, or now when the clock stands still. */
export function readClock(): number {
  if (timer === undefined) nowMs = Date.now();
  return nowMs;
}

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}
