import { chmodSync, mkdirSync } from "node:fs";
import { createStream, type RotatingFileStream } from "rotating-file-stream";

const rotatedFilesKept = 4;
const batchLengthMax = 64 * 1024;
const reopenAfterMs = 5000;

export interface RotatingLineWriterOptions {
  readonly directory: string;
  readonly fileName: string;
  /** Makes the line that reports how many lines were dropped. */
  readonly formatDropped: (count: number) => string;
  /** Told once per failure that the file cannot be written; the lines meanwhile count as dropped. */
  readonly onError: (error: Error) => void;
  /** Characters that may wait for the disk; lines beyond are counted and dropped. */
  readonly pendingLengthMax?: number;
  /** Rotation size in bytes. */
  readonly rotateAtBytes?: number;
}

/**
 * Appends lines to a file that is rotated at 10 MB (five files in all), in batches and without blocking.
 * The file is opened by the first line.
 */
export class RotatingLineWriter {
  readonly #options: RotatingLineWriterOptions;
  readonly #pendingLengthMax: number;
  #stream: RotatingFileStream | undefined;
  #pending: string[] = [];
  #pendingLength = 0;
  #dropped = 0;
  #isWriting = false;
  #isClosed = false;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #idleWaiters: (() => void)[] = [];

  constructor(options: RotatingLineWriterOptions) {
    this.#options = options;
    this.#pendingLengthMax = options.pendingLengthMax ?? 1024 * 1024;
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
    this.#writeNextBatch();
  }

  /** True when every line taken so far is in the file or given up. */
  get isIdle(): boolean {
    return !this.#isWriting;
  }

  /** Resolves when every line taken so far is in the file or given up. */
  async flush(): Promise<void> {
    if (!this.#isWriting) return;
    await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Writes what waits and closes the file; later lines are ignored. */
  async close(): Promise<void> {
    await this.flush();
    this.#isClosed = true;
    const stream = this.#stream;
    this.#stream = undefined;
    if (stream !== undefined && !stream.destroyed) await new Promise<void>((resolve) => stream.end(() => resolve()));
  }

  #writeNextBatch(): void {
    if (this.#isWriting) return;
    const stream = this.#openStream();
    if (stream === undefined) return this.#giveUpPending();
    if (this.#pending.length === 0) this.#reportDropped();
    const batch = this.#takeBatch();
    if (batch.length === 0) return this.#becomeIdle();
    this.#isWriting = true;
    // The callback comes when the batch is with the operating system: one batch at a time is the backpressure.
    stream.write(batch.map((line) => `${line}\n`).join(""), (error) => {
      this.#isWriting = false;
      if (error instanceof Error) {
        this.#dropped += batch.length;
        this.#fail(error);
      }
      this.#writeNextBatch();
    });
  }

  // Where the gap is: after the last line that was taken, before the next one.
  #reportDropped(): void {
    if (this.#dropped === 0) return;
    this.#append(this.#options.formatDropped(this.#dropped));
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

  #giveUpPending(): void {
    this.#dropped += this.#pending.length;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#becomeIdle();
  }

  #openStream(): RotatingFileStream | undefined {
    if (this.#stream !== undefined) return this.#stream;
    if (performance.now() - this.#failedAtMs < reopenAfterMs) return undefined;
    try {
      makePrivateDirectory(this.#options.directory);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
    const stream = createStream(this.#options.fileName, {
      path: this.#options.directory,
      size: `${this.#options.rotateAtBytes ?? 10 * 1024 * 1024}B`,
      rotate: rotatedFilesKept,
      mode: 0o600,
    });
    stream.on("error", (error) => this.#fail(error));
    this.#stream = stream;
    return stream;
  }

  #fail(error: Error): void {
    if (this.#stream === undefined && performance.now() - this.#failedAtMs < reopenAfterMs) return;
    this.#stream = undefined;
    this.#failedAtMs = performance.now();
    this.#options.onError(error);
  }
}

// Only a directory that we made: an existing one may be shared on purpose.
function makePrivateDirectory(directory: string): void {
  const firstMade = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (firstMade !== undefined) chmodSync(directory, 0o700);
}
