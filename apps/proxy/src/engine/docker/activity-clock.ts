/** Tells for how long the registry has owed a byte. */
export interface ActivityClock {
  /** "waits": something came and more must come; "rests": nothing is owed, the engine is busy by itself. */
  note(state: "waits" | "rests"): void;
  /** Milliseconds since the last byte; 0 while nothing is owed. */
  idleMs(): number;
}

export function createActivityClock(): ActivityClock {
  let waitsSinceMs: number | undefined;
  return {
    note(state) {
      waitsSinceMs = state === "waits" ? performance.now() : undefined;
    },
    idleMs: () => (waitsSinceMs === undefined ? 0 : performance.now() - waitsSinceMs),
  };
}
