import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { EngineError, type EnsureImageRequest } from "../engine.ts";
import { withDeadline } from "../with-deadline.ts";
import { imageTimeout } from "./image-failure.ts";

interface SharedPull {
  readonly finished: Promise<void>;
  readonly stop: AbortController;
  readonly waiting: Set<EnsureImageRequest>;
  latest: PullProgress | undefined;
}

export type StartPull = (
  image: string,
  signal: AbortSignal,
  onProgress: (progress: PullProgress) => void,
) => Promise<void>;

/** Lets everyone who wants the same image wait for one pull; it stops when the last of them gives up. */
export function createSharedPulls(startPull: StartPull): (request: EnsureImageRequest) => Promise<void> {
  const pulls = new Map<string, SharedPull>();

  const begin = (image: string): SharedPull => {
    const stop = new AbortController();
    const waiting = new Set<EnsureImageRequest>();
    const finished = startPull(image, stop.signal, (progress) => {
      pull.latest = progress;
      for (const request of waiting) request.onProgress(progress);
    }).finally(() => {
      if (pulls.get(image) === pull) pulls.delete(image);
    });
    const pull: SharedPull = { finished, stop, waiting, latest: undefined };
    // Everyone may have given up by the time it fails.
    finished.catch(() => undefined);
    pulls.set(image, pull);
    return pull;
  };

  return async (request) => {
    const pull = pulls.get(request.image) ?? begin(request.image);
    pull.waiting.add(request);
    request.onPullStarted();
    if (pull.latest) request.onProgress(pull.latest);
    try {
      await waitForPull(pull, request);
    } finally {
      pull.waiting.delete(request);
      if (pull.waiting.size === 0) {
        pulls.delete(request.image);
        pull.stop.abort();
      }
    }
  };
}

async function waitForPull(pull: SharedPull, { image, signal, deadlineMs }: EnsureImageRequest): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void =>
    aborted.reject(new EngineError(`The pull of ${image} was cancelled.`, { stage: "image", code: "other" }));
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    await withDeadline(Promise.race([pull.finished, aborted.promise]), {
      timeoutMs: deadlineMs,
      createError: () => imageTimeout(image, deadlineMs),
    });
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
