import type { PullProgress } from "@mcpproxy/core/run/server-record";
import type { EnsureImageRequest } from "../engine.ts";
import { createActivityClock, type ActivityClock } from "./activity-clock.ts";
import { processPullQueue, type PullQueue } from "./pull-queue.ts";
import { createThrottle } from "./throttle.ts";
import { waitForPull } from "./wait-for-pull.ts";

const publishIntervalMs = 250;

/** What comes out of a pull that worked. */
export interface PullOutcome {
  readonly warning?: string;
}

/** What a running pull works with and reports to. */
export interface PullTask {
  readonly image: string;
  readonly platform?: string;
  readonly signal: AbortSignal;
  readonly activity: ActivityClock;
  /** Every change; published less often. */
  onProgress(progress: PullProgress): void;
}

export interface SharedPull {
  readonly finished: Promise<PullOutcome>;
  /** Resolves when it is the pull's turn. */
  readonly started: Promise<void>;
  readonly activity: ActivityClock;
  readonly latest: PullProgress | undefined;
}

interface OpenPull extends SharedPull {
  latest: PullProgress | undefined;
  hasStarted: boolean;
  readonly stop: AbortController;
  readonly waiting: Set<EnsureImageRequest>;
}

/** Lets everyone who wants the same image wait for one pull; it stops when the last of them gives up. */
export function createSharedPulls(
  startPull: (task: PullTask) => Promise<PullOutcome>,
  queue: PullQueue = processPullQueue,
): (request: EnsureImageRequest) => Promise<PullOutcome> {
  const pulls = new Map<string, OpenPull>();

  return async (request) => {
    const key = `${request.image} ${request.platform ?? ""}`;
    const pull = pulls.get(key) ?? openPull({ request, startPull, queue });
    pulls.set(key, pull);
    pull.waiting.add(request);
    if (pull.hasStarted) request.onPullStarted();
    if (pull.latest) request.onProgress(pull.latest);
    let reason: unknown = new Error(`The pull of ${request.image} is over.`);
    try {
      return await waitForPull(pull, request);
    } catch (error) {
      reason = error;
      throw error;
    } finally {
      pull.waiting.delete(request);
      if (pull.waiting.size === 0) {
        // A later pull of the same image may have taken its place.
        if (pulls.get(key) === pull) pulls.delete(key);
        pull.stop.abort(reason);
      }
    }
  };
}

function openPull({ request: { image, platform }, startPull, queue }: OpenPullRequest): OpenPull {
  const stop = new AbortController();
  const started = Promise.withResolvers<void>();
  const activity = createActivityClock();
  const publish = createThrottle<PullProgress>({
    intervalMs: publishIntervalMs,
    publish(progress) {
      pull.latest = progress;
      for (const request of pull.waiting) request.onProgress(progress);
    },
  });
  const work = async (): Promise<PullOutcome> => {
    pull.hasStarted = true;
    for (const request of pull.waiting) request.onPullStarted();
    publish.offer({ ...emptyProgress(image), state: "pulling" });
    activity.note("waits");
    started.resolve();
    return await startPull({
      image,
      ...(platform === undefined ? {} : { platform }),
      signal: stop.signal,
      activity,
      onProgress: (progress) => publish.offer(progress),
    });
  };
  // Begins in the next turn, when whoever opened it has joined.
  const finished = Promise.resolve()
    .then(() => queue.run({ signal: stop.signal, onQueued: () => publish.offer(emptyProgress(image)), work }))
    .finally(() => publish.flush());
  // Everyone may have given up by the time it fails.
  finished.catch(() => undefined);
  const pull: OpenPull = {
    finished,
    started: started.promise,
    activity,
    latest: undefined,
    hasStarted: false,
    stop,
    waiting: new Set(),
  };
  return pull;
}

interface OpenPullRequest {
  readonly request: EnsureImageRequest;
  readonly startPull: (task: PullTask) => Promise<PullOutcome>;
  readonly queue: PullQueue;
}

function emptyProgress(image: string): PullProgress {
  return { image, state: "queued", layersDone: 0, layersTotal: 0, bytesDone: 0, bytesTotal: 0, layers: [] };
}
