import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { parseRunFilter } from "../run-list/run-filter.ts";
import type { Router, Run, Server } from "../trpc/router-types.ts";
import type { Change } from "./live-feed.ts";
import { patchRunEvents, patchRunSamples } from "./patch-run-details.ts";
import { patchRunPages } from "./patch-run-pages.ts";
import { refreshCounts } from "./refresh-counts.ts";
import { patchServerList, removeServer } from "./patch-servers.ts";

export interface LiveCache {
  readonly queryClient: QueryClient;
  readonly trpc: TRPCOptionsProxy<Router>;
}

/** Brings one change of the live feed into the query cache; `at` is when it came. */
export function applyChange(cache: LiveCache, { change, at }: { change: Change; at: Date }): void {
  const { queryClient } = cache;
  switch (change.kind) {
    case "hello":
      void queryClient.invalidateQueries();
      return;
    case "status":
      applyStatus(cache);
      return;
    case "server":
      applyServer(cache, { server: change.server, at });
      return;
    case "server-removed":
      applyServerRemoved(cache, change.name);
      return;
    case "run":
      applyRun(cache, { run: change.run, at });
      return;
    case "run-event":
      applyRunEvent(cache, change.event);
      return;
    default:
      // A newer proxy may tell of more than this dashboard knows; that must not stop the feed.
      change satisfies never;
  }
}

/** Told after the config was taken over and when an engine came or went: plans, contexts and caches follow from both. */
function applyStatus({ queryClient, trpc }: LiveCache): void {
  void queryClient.invalidateQueries({ queryKey: trpc.status.queryKey() });
  void queryClient.invalidateQueries(trpc.servers.plan.queryFilter());
  refreshCounts({ queryClient, trpc });
  refetchDocker({ queryClient, trpc });
}

/** Which servers an engine has and which caches are in use changes with the runs; only an open page asks again. */
function refetchDocker({ queryClient, trpc }: LiveCache): void {
  void queryClient.invalidateQueries(trpc.docker.contexts.queryFilter());
  void queryClient.invalidateQueries(trpc.caches.list.queryFilter());
}

function applyServer({ queryClient, trpc }: LiveCache, { server, at }: { server: Server; at: Date }): void {
  const listKey = trpc.servers.list.queryKey();
  const before = queryClient.getQueryData(listKey)?.find(({ name }) => name === server.name);
  // A server tells of its memory each second; only another state is news for what is counted.
  if (before !== undefined && before.state !== server.state) refreshCounts({ queryClient, trpc });
  if (canPatch(queryClient, listKey)) {
    queryClient.setQueryData(listKey, (servers) => servers && patchServerList(servers, server));
  }
  const byNameKey = trpc.servers.byName.queryKey({ name: server.name });
  if (canPatch(queryClient, byNameKey)) queryClient.setQueryData(byNameKey, server);
  const { run } = server;
  if (run === null || run.memoryBytes === null) return;
  const { memoryBytes, peakMemoryBytes: peakBytes, cpuCores } = run;
  const sample = { at: at.toISOString(), memoryBytes, peakBytes, cpuCores };
  const samplesKey = trpc.runs.samples.queryKey({ id: run.id });
  if (canPatch(queryClient, samplesKey)) {
    queryClient.setQueryData(samplesKey, (samples) => samples && patchRunSamples(samples, sample));
  }
}

function applyServerRemoved({ queryClient, trpc }: LiveCache, name: string): void {
  const listKey = trpc.servers.list.queryKey();
  if (canPatch(queryClient, listKey)) {
    queryClient.setQueryData(listKey, (servers) => servers && removeServer(servers, name));
  }
  void queryClient.invalidateQueries({ queryKey: trpc.servers.byName.queryKey({ name }) });
}

function applyRun(
  { queryClient, trpc }: LiveCache,
  { run, at }: { readonly run: Omit<Run, "review">; readonly at: Date },
): void {
  const byIdKey = trpc.runs.byId.queryKey({ id: run.id });
  if (canPatch(queryClient, byIdKey)) queryClient.setQueryData(byIdKey, (known) => known && { ...known, ...run });
  const unreviewed: Run = { ...run, review: null };
  for (const query of queryClient.getQueryCache().findAll(trpc.runs.list.infiniteQueryFilter())) {
    if (!canPatch(queryClient, query.queryKey)) continue;
    const key = trpc.runs.list.infiniteQueryKey(inputOf(query.queryKey));
    const filter = parseRunFilter(inputOf(query.queryKey));
    queryClient.setQueryData(
      key,
      (data) =>
        data && { ...data, pages: patchRunPages({ pages: data.pages, run: unreviewed, filter, nowMs: at.getTime() }) },
    );
  }
  refreshCounts({ queryClient, trpc });
  if (run.state !== "ended") return;
  void queryClient.invalidateQueries({ queryKey: trpc.runs.samples.queryKey({ id: run.id }) });
  void queryClient.invalidateQueries({ queryKey: trpc.runs.events.queryKey({ id: run.id }) });
}

function applyRunEvent(cache: LiveCache, event: Extract<Change, { kind: "run-event" }>["event"]): void {
  const { queryClient, trpc } = cache;
  const key = trpc.runs.events.queryKey({ id: event.runId });
  if (canPatch(queryClient, key)) queryClient.setQueryData(key, (events) => events && patchRunEvents(events, event));
  // The counts of calls are written right before this event.
  if (event.kind === "ended")
    void queryClient.invalidateQueries({ queryKey: trpc.runs.tools.queryKey({ id: event.runId }) });
  if (event.kind === "started" || event.kind === "ended") refetchDocker(cache);
}

/** Whether there is something to patch. While a fetch is under way its answer may be older than the change: then ask again. */
function canPatch(queryClient: QueryClient, queryKey: QueryKey): boolean {
  const state = queryClient.getQueryState(queryKey);
  if (state?.fetchStatus === "fetching") {
    void queryClient.invalidateQueries({ queryKey, exact: true });
    return false;
  }
  return state?.data !== undefined;
}

/** tRPC keeps a procedure's input in the second part of the query key. */
function inputOf(queryKey: QueryKey): Record<string, unknown> {
  const details = queryKey[1];
  const input = typeof details === "object" && details !== null && "input" in details ? details.input : undefined;
  return typeof input === "object" && input !== null ? { ...input } : {};
}
