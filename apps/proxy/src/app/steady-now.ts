/** A step of the clock that stays this long is believed: the machine had begun with a wrong one. */
const believedAfterMs = 24 * 60 * 60 * 1_000;
const stepMs = 5 * 60 * 1_000;

export interface SteadyClock {
  /** The machine's time, which a person or a time server may set. */
  wallMs(): number;
  /** Milliseconds that only ever grow evenly. */
  monotonicMs(): number;
}

/** The wall clock without its jumps forward: what is deleted by age must not be young after all. */
export function createSteadyNow(clock: SteadyClock): () => number {
  let base = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  let jumpedAtMs: number | undefined;
  return () => {
    const wallMs = clock.wallMs();
    const monotonicMs = clock.monotonicMs();
    const expectedMs = base.wallMs + monotonicMs - base.monotonicMs;
    if (wallMs - expectedMs > stepMs) jumpedAtMs ??= monotonicMs;
    else jumpedAtMs = undefined;
    const isBelieved = jumpedAtMs === undefined || monotonicMs - jumpedAtMs >= believedAfterMs;
    if (!isBelieved) return expectedMs;
    jumpedAtMs = undefined;
    base = { wallMs, monotonicMs };
    return wallMs;
  };
}
