import type { LiveCache } from "./apply-change.ts";

/** Counting a long history takes the proxy some milliseconds: a storm of exits must not make it count for each. */
const pauseMs = 2_000;
const waiting = new WeakSet<LiveCache["queryClient"]>();

/** Asks again for what is counted over many runs, soon and not more often than every two seconds; only what a page shows. */
export function refreshCounts({ queryClient, trpc }: LiveCache): void {
  if (waiting.has(queryClient)) return;
  waiting.add(queryClient);
  setTimeout(() => {
    waiting.delete(queryClient);
    void queryClient.invalidateQueries(trpc.runs.facets.queryFilter());
    void queryClient.invalidateQueries(trpc.runs.histogram.queryFilter());
    void queryClient.invalidateQueries(trpc.overview.queryFilter());
    void queryClient.invalidateQueries(trpc.failures.pathFilter());
    void queryClient.invalidateQueries(trpc.limitAdvice.queryFilter());
  }, pauseMs);
}
