/** The proxy's one source of time, so that tests and the pure core need none of their own. */
export interface Clock {
  /** RFC 3339 with milliseconds, UTC. */
  timestamp(): string;
  /** Monotonic milliseconds for durations. */
  now(): number;
}

export const systemClock: Clock = {
  timestamp: () => new Date().toISOString(),
  now: () => performance.now(),
};
