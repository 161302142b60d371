import type { ToolCallsOfHour } from "./store.ts";

const flushAfterMs = 1_000;
/** While the disk takes nothing; the oldest go first. */
const waitingMax = 20_000;

export interface ToolCallsBufferOptions {
  write(rows: readonly ToolCallsOfHour[]): Promise<void>;
  /** The disk takes nothing right now: rows wait on, each in its newest form. */
  isHeldUp(): boolean;
  onError(error: unknown): void;
}

/** Collects the counts of all runs and writes them together, once in a second at most; only the last of a row counts. */
export class ToolCallsBuffer {
  private readonly options: ToolCallsBufferOptions;
  private waiting = new Map<string, ToolCallsOfHour>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(options: ToolCallsBufferOptions) {
    this.options = options;
  }

  put(rows: readonly ToolCallsOfHour[]): void {
    for (const row of rows) this.waiting.set(JSON.stringify([row.runId, row.tool, row.hour]), row);
    for (const key of this.waiting.keys()) {
      if (this.waiting.size <= waitingMax) break;
      this.waiting.delete(key);
    }
    this.timer ??= setTimeout(() => void this.flush(), flushAfterMs).unref();
  }

  /** Resolves when what was put so far is written or given up. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.writeWaiting());
    return this.writing;
  }

  private async writeWaiting(): Promise<void> {
    if (this.waiting.size === 0) return;
    if (this.options.isHeldUp()) {
      this.timer ??= setTimeout(() => void this.flush(), flushAfterMs).unref();
      return;
    }
    const rows = [...this.waiting.values()];
    this.waiting = new Map();
    try {
      await this.options.write(rows);
    } catch (error) {
      this.options.onError(error);
    }
  }
}
