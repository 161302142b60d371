import type { RunDependencies } from "./run-dependencies.ts";

/** A server that fails and is started again at once keeps its network. */
const graceMs = 5_000;

/** Closes the way out for allow-lists some seconds after the last run that needed it; returns what ends that. */
export function closeUnusedNetworks({
  feed,
  store,
  egress,
  mainLog,
}: Pick<RunDependencies, "feed" | "store" | "egress" | "mainLog">): () => void {
  let timer: NodeJS.Timeout | undefined;
  const isNeeded = async (): Promise<boolean> =>
    (await store.runs.open()).some(({ run }) => run.limits.network === "allowlist");
  const close = (): void => {
    timer = undefined;
    egress
      .closeUnused(isNeeded)
      .catch((error: unknown) => mainLog.warn({ error: String(error) }, "could not remove an unused network"));
  };
  const unsubscribe = feed.subscribe((change) => {
    if (change.kind !== "run" || change.run.state !== "ended" || change.run.limits.network !== "allowlist") return;
    timer ??= setTimeout(close, graceMs).unref();
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
