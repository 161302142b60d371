import { setTimeout as delay } from "node:timers/promises";

/** The driver works on the event loop and holds the lock of the whole file: nobody should notice a step. */
const stepMs = 15;
const growthMax = 2;

export interface PacedWorkOptions {
  /** Pieces of the first step. */
  readonly first: number;
  readonly max: number;
  /** Does at most so many pieces and returns how many it did. */
  step(pieces: number): Promise<number>;
  readonly signal?: AbortSignal | undefined;
}

/** Works in steps of some milliseconds with as long a pause after each. Returns false when the signal came before the end. */
export async function workInSteps({ first, max, step, signal }: PacedWorkOptions): Promise<boolean> {
  let pieces = first;
  while (signal?.aborted !== true) {
    const beganMs = performance.now();
    const done = await step(pieces);
    if (done < pieces) return true;
    const tookMs = performance.now() - beganMs;
    pieces = nextSize({ pieces, tookMs, max });
    // Other processes ask for the lock some milliseconds apart.
    await delay(Math.min(tookMs, 4 * stepMs));
  }
  return false;
}

function nextSize({ pieces, tookMs, max }: { pieces: number; tookMs: number; max: number }): number {
  const factor = Math.min(growthMax, stepMs / Math.max(tookMs, 1));
  return Math.max(1, Math.min(max, Math.round(pieces * factor)));
}
