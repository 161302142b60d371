/** Lets only so many pulls run at once; the others wait in the order they came. */
export interface PullQueue {
  /** Runs the work when it is its turn. Aborting gives the place up, also in the middle of the work. */
  run<Value>(request: QueuedPull<Value>): Promise<Value>;
}

export interface QueuedPull<Value> {
  readonly signal: AbortSignal;
  /** Called when it is not its turn yet. */
  onQueued(): void;
  work(): Promise<Value>;
}

export function createPullQueue(maximumAtOnce: number): PullQueue {
  let running = 0;
  const waiting: (() => void)[] = [];

  const turn = async ({ signal, onQueued }: Pick<QueuedPull<unknown>, "signal" | "onQueued">): Promise<void> => {
    signal.throwIfAborted();
    if (running < maximumAtOnce) {
      running += 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      const place = waiting.indexOf(resolve);
      // Its turn may just have come; then it is given back by whoever runs the work.
      if (place === -1) return;
      waiting.splice(place, 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    waiting.push(resolve);
    onQueued();
    await promise;
    signal.removeEventListener("abort", leave);
  };
  const handOver = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };

  return {
    async run(request) {
      await turn(request);
      try {
        request.signal.throwIfAborted();
        return await untilAborted(request.work(), request.signal);
      } finally {
        handOver();
      }
    },
  };
}

/** One queue for the process: three pulls share the network and the disk well, more only slow each other down. */
export const processPullQueue: PullQueue = createPullQueue(3);

async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
