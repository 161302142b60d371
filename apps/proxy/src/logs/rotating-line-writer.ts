import { RotatingFile } from "./rotating-file.ts";

const batchLengthMax = 64 * 1024;
const retryAfterMs = 5_000;

/** Why lines had to be dropped: the disk took none, or took them slower than they came. */
export type DropReason = "failed" | "slow";

/** A file that cannot be written right now. */
export interface LogTrouble {
  readonly message: string;
  /** RFC 3339 */
  readonly since: string;
}

export interface RotatingLineWriterOptions {
  readonly directory: string;
  readonly fileName: string;
  /** Makes the line that reports how many lines were dropped. */
  readonly formatDropped: (count: number, reason: DropReason) => string;
  /** Told once per failure that the file cannot be written. What comes meanwhile waits, within `pendingLengthMax`. */
  readonly onError: (error: Error) => void;
  /** Told when it works again. */
  readonly onRecovered?: () => void;
  /** Characters that may wait for the disk; lines beyond are counted and dropped. */
  readonly pendingLengthMax?: number;
  /** Rotation size in bytes. */
  readonly rotateAtBytes?: number;
}

/**
 * Appends lines to a file that is rotated at 10 MB (five files in all), in batches and without blocking.
 * The file is opened by the first line. While the disk takes nothing, it is tried again every five seconds.
 */
export class RotatingLineWriter {
  readonly #options: RotatingLineWriterOptions;
  readonly #pendingLengthMax: number;
  readonly #file: RotatingFile;
  #pending: string[] = [];
  #pendingLength = 0;
  #dropped = 0;
  #isWriting = false;
  #isClosed = false;
  #trouble: LogTrouble | undefined;
  #retry: NodeJS.Timeout | undefined;
  #idleWaiters: (() => void)[] = [];

  constructor(options: RotatingLineWriterOptions) {
    this.#options = options;
    this.#pendingLengthMax = options.pendingLengthMax ?? 1024 * 1024;
    this.#file = new RotatingFile({
      directory: options.directory,
      fileName: options.fileName,
      rotateAtBytes: options.rotateAtBytes ?? 10 * 1024 * 1024,
    });
  }

  /** Takes a line without its end; drops and counts it when too much waits already. */
  write(line: string): void {
    if (this.#isClosed) return;
    if (this.#pendingLength + line.length > this.#pendingLengthMax) {
      this.#dropped += 1;
      return;
    }
    this.#reportDropped();
    this.#append(line);
    if (this.#trouble === undefined) this.#writeNextBatch();
  }

  /** True when every line taken so far is in the file, or waits for a disk that takes nothing. */
  get isIdle(): boolean {
    return !this.#isWriting;
  }

  /** Undefined while all is well. */
  get trouble(): LogTrouble | undefined {
    return this.#trouble;
  }

  /** Resolves when every line taken so far is in the file, or the disk takes nothing. */
  async flush(): Promise<void> {
    if (!this.#isWriting) return;
    await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Writes what waits, tries that a last time, and closes the file; later lines are ignored. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#retry);
    if (this.#trouble !== undefined) this.#writeNextBatch();
    await this.flush();
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#file.close();
  }

  #writeNextBatch(): void {
    if (this.#isWriting) return;
    if (this.#pending.length === 0) this.#reportDropped();
    const batch = this.#takeBatch();
    if (batch.length === 0) return this.#becomeIdle();
    // One batch at a time is the backpressure.
    this.#isWriting = true;
    void this.#writeBatch(batch);
  }

  async #writeBatch(batch: readonly string[]): Promise<void> {
    try {
      await this.#file.append(batch.map((line) => `${line}\n`).join(""));
      this.#isWriting = false;
      this.#recover();
      this.#writeNextBatch();
    } catch (error) {
      this.#isWriting = false;
      this.#pending = [...batch, ...this.#pending];
      this.#pendingLength += lengthOf(batch);
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      this.#becomeIdle();
    }
  }

  // Where the gap is: after the last line that was taken, before the next one.
  #reportDropped(): void {
    if (this.#dropped === 0) return;
    this.#append(this.#options.formatDropped(this.#dropped, this.#trouble === undefined ? "slow" : "failed"));
    this.#dropped = 0;
  }

  #append(line: string): void {
    this.#pending.push(line);
    this.#pendingLength += line.length + 1;
  }

  #takeBatch(): readonly string[] {
    let length = 0;
    let count = 0;
    for (const line of this.#pending) {
      if (count > 0 && length + line.length > batchLengthMax) break;
      length += line.length + 1;
      count += 1;
    }
    this.#pendingLength -= length;
    return this.#pending.splice(0, count);
  }

  #becomeIdle(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  #fail(error: Error): void {
    this.#retry = setTimeout(() => this.#writeNextBatch(), retryAfterMs).unref();
    if (this.#trouble !== undefined) return;
    this.#trouble = { message: error.message, since: new Date().toISOString() };
    this.#options.onError(error);
  }

  #recover(): void {
    if (this.#trouble === undefined) return;
    // Lines beyond what could wait: said where they are missing, while it is known why.
    this.#reportDropped();
    this.#trouble = undefined;
    this.#options.onRecovered?.();
  }
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
