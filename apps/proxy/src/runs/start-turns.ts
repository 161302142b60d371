export const defaultColdStarts = 4;

export interface TurnRequest {
  readonly signal: AbortSignal;
  /** Called once when others go first; not at all when it is this one's turn already. */
  onWait(starting: number): void;
}

interface Waiting {
  give(): void;
}

/** Bounds how many servers start at the same time: first come, first served. */
export class StartTurns {
  private readonly waiting = new Set<Waiting>();
  private starting = 0;
  private limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Takes effect at once for those who wait; who starts already goes on. */
  setLimit(limit: number): void {
    this.limit = limit;
    this.giveTurns();
  }

  /** Resolves when it is this one's turn, with what gives the turn back (once; more often does nothing). Rejects when aborted. */
  async take({ signal, onWait }: TurnRequest): Promise<() => void> {
    signal.throwIfAborted();
    if (this.starting >= this.limit) {
      onWait(this.starting);
      await this.wait(signal);
    } else this.starting += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.starting -= 1;
      this.giveTurns();
    };
  }

  private async wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { give: resolve };
    const onAbort = (): void => {
      // A turn that was given already is given back by whoever took it.
      if (this.waiting.delete(waiting)) reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort);
    this.waiting.add(waiting);
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  private giveTurns(): void {
    for (const waiting of this.waiting) {
      if (this.starting >= this.limit) return;
      this.waiting.delete(waiting);
      this.starting += 1;
      waiting.give();
    }
  }
}
