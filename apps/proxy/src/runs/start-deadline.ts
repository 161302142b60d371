import { formatDuration } from "@mcpproxy/core/format/duration";
import type { Clock } from "./clock.ts";

/** Chatter on the network is no download: only this much more since the last sign is one. */
const signBytes = 16 * 1024;
const lookEveryMs = 1_000;

/** Where signs of a package runner's download are seen. */
export interface DownloadSigns {
  /** Received from the network or written to disk so far; undefined where nobody can tell. */
  readTransferredBytes(): Promise<number | undefined>;
  /** Grows with each line on stderr. */
  stderrVersion(): number;
}

export interface StartDeadlineOptions {
  readonly startMs: number;
  /** However much is downloaded, it takes no longer than this. */
  readonly longestMs: number;
  /** Undefined for a program that downloads nothing: its deadline never moves. */
  readonly signs: DownloadSigns | undefined;
  readonly clock: Pick<Clock, "now">;
  /** The start timeout has passed, and only a download keeps the deadline away. Called once. */
  onStillDownloading(): void;
}

export interface StartDeadline {
  /** Resolves with why nobody waits any longer. */
  readonly passed: Promise<string>;
  stop(): void;
}

/** The deadline for the answer to initialize. For a package runner it counts from the last sign of its download. */
export function startDeadline(options: StartDeadlineOptions): StartDeadline {
  const { startMs, longestMs, clock } = options;
  const passed = Promise.withResolvers<string>();
  const watch = options.signs && watchSigns(options.signs, clock);
  const beganMs = clock.now();
  let isExtended = false;
  let timer: NodeJS.Timeout | undefined;

  const check = (): void => {
    watch?.noteStderr();
    const waitedMs = clock.now() - beganMs;
    const sinceSignMs = clock.now() - Math.max(beganMs, watch?.lastSignMs ?? beganMs);
    const leftMs = Math.min(longestMs - waitedMs, startMs - sinceSignMs);
    if (leftMs <= 0) {
      passed.resolve(reason(options, { isExtended, waitedMs }));
      return;
    }
    if (waitedMs >= startMs && !isExtended) {
      isExtended = true;
      options.onStillDownloading();
    }
    timer = setTimeout(check, leftMs);
  };
  timer = setTimeout(check, startMs);
  return {
    passed: passed.promise,
    stop() {
      watch?.stop();
      clearTimeout(timer);
    },
  };
}

interface SignWatch {
  readonly lastSignMs: number;
  /** Looks for new lines, which costs nothing. */
  noteStderr(): void;
  stop(): void;
}

/** Beside the deadline and not part of it: an engine takes a second for its numbers, or does not answer at all. */
function watchSigns(signs: DownloadSigns, clock: Pick<Clock, "now">): SignWatch {
  let seen: Signs = { bytes: 0, stderrVersion: signs.stderrVersion() };
  let lastSignMs = Number.NEGATIVE_INFINITY;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const note = (now: Signs): void => {
    if (!isSign(seen, now)) return;
    seen = now;
    lastSignMs = clock.now();
  };
  const look = async (): Promise<void> => {
    const bytes = await signs.readTransferredBytes().catch(() => undefined);
    if (isStopped) return;
    note({ bytes: bytes ?? 0, stderrVersion: signs.stderrVersion() });
    timer = setTimeout(() => void look(), lookEveryMs);
  };
  timer = setTimeout(() => void look(), lookEveryMs);
  return {
    get lastSignMs() {
      return lastSignMs;
    },
    noteStderr: () => note({ bytes: seen.bytes, stderrVersion: signs.stderrVersion() }),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

interface Signs {
  readonly bytes: number;
  readonly stderrVersion: number;
}

function isSign(before: Signs, now: Signs): boolean {
  return now.bytes - before.bytes >= signBytes || now.stderrVersion > before.stderrVersion;
}

function reason(
  { startMs, longestMs }: StartDeadlineOptions,
  { isExtended, waitedMs }: { readonly isExtended: boolean; readonly waitedMs: number },
): string {
  if (!isExtended) return `No answer to initialize within ${startMs / 1_000} s.`;
  const waited = formatDuration(waitedMs);
  if (waitedMs >= longestMs)
    return `No answer to initialize within ${waited}, the most that a download may take (pull_timeout).`;
  return `No answer to initialize within ${waited}, and no sign of a download for the last ${startMs / 1_000} s.`;
}
