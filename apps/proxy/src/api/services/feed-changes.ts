import type { FeedChange, RunFeed } from "../../runs/run-feed.ts";

/** A reader this far behind gets its stream ended; it comes back and fetches everything anew. */
const maxQueued = 1_000;

/** The feed as an async sequence that ends with the signal, or when its reader does not keep up. */
export async function* feedChanges(
  feed: Pick<RunFeed, "subscribe">,
  signal: AbortSignal,
): AsyncGenerator<FeedChange, void, undefined> {
  const queue: FeedChange[] = [];
  let isBehind = false;
  let wake = Promise.withResolvers<void>();
  const unsubscribe = feed.subscribe((change) => {
    // Checked here and not by the reader: one that does not come back at all is the one that is furthest behind.
    isBehind ||= queue.length >= maxQueued;
    if (isBehind) queue.length = 0;
    else queue.push(change);
    wake.resolve();
  });
  const onAbort = (): void => wake.resolve();
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted && !isBehind) {
      const change = queue.shift();
      if (change !== undefined) {
        yield change;
        continue;
      }
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", onAbort);
  }
}
