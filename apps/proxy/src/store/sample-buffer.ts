import type { SampleOfRun } from "./run-samples.ts";

const flushAfterMs = 100;
/** While the disk takes nothing; the oldest go first. */
const waitingMax = 10_000;

export interface SampleBufferOptions {
  write(samples: readonly SampleOfRun[]): Promise<void>;
  onError(error: unknown): void;
}

/** Collects the readings of all runs and writes them together, 100 ms later at most: one write instead of one per server. */
export class SampleBuffer {
  private readonly options: SampleBufferOptions;
  private waiting: SampleOfRun[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(options: SampleBufferOptions) {
    this.options = options;
  }

  add(samples: readonly SampleOfRun[]): void {
    this.waiting.push(...samples);
    if (this.waiting.length > waitingMax) this.waiting.splice(0, this.waiting.length - waitingMax);
    this.timer ??= setTimeout(() => void this.flush(), flushAfterMs).unref();
  }

  /** Resolves when what was added so far is written or given up. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.writeWaiting());
    return this.writing;
  }

  private async writeWaiting(): Promise<void> {
    if (this.waiting.length === 0) return;
    const samples = this.waiting;
    this.waiting = [];
    try {
      await this.options.write(samples);
    } catch (error) {
      this.options.onError(error);
    }
  }
}
