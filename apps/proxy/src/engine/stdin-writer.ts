import type { Writable } from "node:stream";

export interface StdinWriter {
  /** False when the caller should wait for `onDrain`; no-op after the end. */
  write(bytes: Buffer | string): boolean;
  onDrain(listener: () => void): void;
  /** Sends what is buffered, then end of file. */
  end(): void;
}

/**
 * Writes to a process's stdin; everything written within one turn of the event loop goes out in one system call.
 * A turn and not a tick: parallel callers arrive in separate callbacks of the same poll phase.
 */
export function createStdinWriter(stream: Writable): StdinWriter {
  let isCorked = false;
  const flush = (): void => {
    isCorked = false;
    stream.uncork();
  };
  // A broken pipe means that the process has ended, which its own events tell with the reason.
  stream.on("error", () => undefined);
  return {
    write(bytes) {
      if (stream.writableEnded || stream.destroyed) return true;
      if (!isCorked) {
        isCorked = true;
        stream.cork();
        setImmediate(flush);
      }
      return stream.write(bytes);
    },
    onDrain(listener) {
      stream.on("drain", listener);
    },
    end() {
      if (!stream.writableEnded) stream.end();
    },
  };
}
