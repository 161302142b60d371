/** How many servers start at the same time where nobody says otherwise. */
export const defaultColdStarts = 4;
/** Containers at the same time where nobody says otherwise: far beyond what people run, and a stop to what runs away. */
export const defaultMaxContainers = 200;

export interface TurnRequest {
  readonly signal: AbortSignal;
  /** Called once when others go first; not at all when it is this one's turn already. */
  onWait(others: number): void;
}

interface Waiting {
  give(): void;
}

/** Bounds how many do something at the same time: first come, first served. */
export class Turns {
  private readonly waiting = new Set<Waiting>();
  private readonly waitListeners = new Set<() => void>();
  private taken = 0;
  private most: number;

  constructor(limit: number) {
    this.most = limit;
  }

  get limit(): number {
    return this.most;
  }

  get inUse(): number {
    return this.taken;
  }

  get waitingCount(): number {
    return this.waiting.size;
  }

  /** Takes effect at once for those who wait; who has a turn keeps it. */
  setLimit(limit: number): void {
    this.most = limit;
    this.giveTurns();
  }

  /** Called whenever somebody begins to wait. */
  onWait(listener: () => void): void {
    this.waitListeners.add(listener);
  }

  /** Resolves when it is this one's turn, with what gives the turn back (once; more often does nothing). Rejects when aborted. */
  async take({ signal, onWait }: TurnRequest): Promise<() => void> {
    signal.throwIfAborted();
    if (this.taken >= this.most) {
      onWait(this.taken);
      await this.wait(signal);
    } else this.taken += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.taken -= 1;
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
    for (const listener of this.waitListeners) listener();
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  private giveTurns(): void {
    for (const waiting of this.waiting) {
      if (this.taken >= this.most) return;
      this.waiting.delete(waiting);
      this.taken += 1;
      waiting.give();
    }
  }
}
