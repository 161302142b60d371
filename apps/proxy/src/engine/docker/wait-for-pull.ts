import { EngineError, type EnsureImageRequest } from "../engine.ts";
import { imageStalled, imageTimeout } from "./image-failure.ts";
import type { PullOutcome, SharedPull } from "./shared-pulls.ts";

const defaultStallTimeoutMs = 60_000;

/**
 * Waits for a pull until it ends, the request is aborted, its deadline passes or no byte comes for too long.
 * @throws EngineError stage "image"
 */
export async function waitForPull(pull: SharedPull, request: EnsureImageRequest): Promise<PullOutcome> {
  const { image, signal } = request;
  const gaveUp = Promise.withResolvers<never>();
  const over = new AbortController();
  const abort = (): void =>
    gaveUp.reject(new EngineError(`The pull of ${image} was cancelled.`, { stage: "image", code: "other" }));
  signal.addEventListener("abort", abort, { once: true, signal: over.signal });
  if (signal.aborted) abort();
  void limitFromStart({ pull, request, over: over.signal, giveUp: gaveUp.reject });
  try {
    return await Promise.race([pull.finished, gaveUp.promise]);
  } finally {
    over.abort();
  }
}

interface PullLimits {
  readonly pull: SharedPull;
  readonly request: EnsureImageRequest;
  readonly over: AbortSignal;
  giveUp(reason: EngineError): void;
}

/** The limits are for this pull alone: a place in the queue costs nothing of them. */
async function limitFromStart(limits: PullLimits): Promise<void> {
  await limits.pull.started;
  if (!limits.over.aborted) limit(limits);
}

function limit(input: PullLimits): void {
  const { pull, over, giveUp } = input;
  const { image, deadlineMs, stallTimeoutMs = defaultStallTimeoutMs } = input.request;
  const deadline = setTimeout(() => giveUp(imageTimeout(image, deadlineMs)), deadlineMs);
  let stall: NodeJS.Timeout | undefined;
  const check = (): void => {
    const leftMs = stallTimeoutMs - pull.activity.idleMs();
    if (leftMs <= 0) giveUp(imageStalled({ image, stallTimeoutMs, progress: pull.latest }));
    else stall = setTimeout(check, leftMs);
  };
  check();
  over.addEventListener("abort", () => {
    clearTimeout(deadline);
    clearTimeout(stall);
  });
}
