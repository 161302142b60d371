import { describePull, pullShare } from "@mcpproxy/core/run/describe-pull";
import { formatBytes } from "@mcpproxy/core/format/bytes";
import type { PullProgress } from "@mcpproxy/core/run/server-record";

/** Tells one pull in few lines: its start, every quarter, its end with size and time. */
export interface PullLog {
  progress(progress: PullProgress): void;
  finished(): void;
  failed(error: unknown): void;
}

export function createPullLog(request: {
  readonly image: string;
  /** Milliseconds of a steady clock. */
  now(): number;
  write(line: string): void;
}): PullLog {
  const { image, now, write } = request;
  const startedMs = now();
  const seconds = (): string => ((now() - startedMs) / 1_000).toFixed(1);
  let quartersTold = 0;
  let bytes = 0;
  write(`Pulling image ${image}.`);
  return {
    progress(progress) {
      bytes = progress.bytesTotal;
      const quarters = Math.floor(4 * (pullShare(progress) ?? 0));
      // The last quarter is told by the end.
      if (quarters <= quartersTold || quarters === 4) return;
      quartersTold = quarters;
      write(`Pulling image ${image}: ${describePull(progress)}.`);
    },
    finished: () => write(`Pulled image ${image}: ${formatBytes(bytes)} in ${seconds()} s.`),
    failed: (error) =>
      write(
        `Pull of image ${image} failed after ${seconds()} s: ${error instanceof Error ? error.message : String(error)}`,
      ),
  };
}
