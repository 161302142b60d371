import { createTRPCClient } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { exampleRun } from "../runs/example-run.test-data.ts";
import { runListInput } from "../run-list/run-list-options.ts";
import type { Router, Run } from "../trpc/router-types.ts";
import { applyChange } from "./apply-change.ts";

const verdict = {
  kind: "oom_killed",
  confidence: "certain",
  summary: "Out of memory.",
  evidence: [],
} satisfies Run["verdict"];
const run: Run = {
  ...exampleRun,
  verdict,
  command: [],
  dockerRunArgs: null,
  callsInFlight: [],
  stderrTail: [],
  isolationReport: null,
  review: null,
};
const at = new Date("2026-01-01T10:00:30.000Z");
const event = { id: 7, runId: run.id, at: at.toISOString(), kind: "oom", message: "", durationMs: null } as const;

function emptyCache() {
  const queryClient = new QueryClient();
  const trpc = createTRPCOptionsProxy<Router>({ client: createTRPCClient<Router>({ links: [] }), queryClient });
  return { queryClient, trpc };
}

test("a run reaches its own page and the lists whose filter it matches", () => {
  const cache = emptyCache();
  const { queryClient, trpc } = cache;
  const ready: Run = { ...run, state: "ready", verdict: null };
  const all = trpc.runs.list.infiniteQueryKey(runListInput({}));
  const others = trpc.runs.list.infiniteQueryKey(runListInput({ server: ["other"] }));
  for (const key of [all, others]) {
    queryClient.setQueryData(key, { pages: [{ runs: [], nextCursor: null }], pageParams: [null] });
  }
  queryClient.setQueryData(trpc.runs.byId.queryKey({ id: run.id }), ready);
  applyChange(cache, { change: { kind: "run", run }, at });
  expect(queryClient.getQueryData(trpc.runs.byId.queryKey({ id: run.id }))?.state).toBe("ended");
  expect(queryClient.getQueryData(all)?.pages[0]?.runs).toEqual([run]);
  expect(queryClient.getQueryData(others)?.pages[0]?.runs).toEqual([]);
});

test("what no page has asked for is not put into the cache", () => {
  const cache = emptyCache();
  applyChange(cache, { change: { kind: "run", run }, at });
  expect(cache.queryClient.getQueryCache().getAll()).toEqual([]);
});

test("an event reaches the timeline of its run", () => {
  const cache = emptyCache();
  const key = cache.trpc.runs.events.queryKey({ id: run.id });
  cache.queryClient.setQueryData(key, []);
  applyChange(cache, { change: { kind: "run-event", event }, at });
  expect(cache.queryClient.getQueryData(key)).toEqual([event]);
});

test("a change during a fetch does not patch, it makes the fetch start again", async () => {
  const cache = emptyCache();
  const { queryClient, trpc } = cache;
  const key = trpc.runs.byId.queryKey({ id: run.id });
  const first = Promise.withResolvers<Run>();
  const answers = [first.promise, Promise.resolve(run)];
  queryClient.setQueryData(key, { ...run, state: "ready" });
  const fetching = queryClient
    .fetchQuery({ queryKey: key, queryFn: () => answers.shift() ?? run })
    .catch(() => undefined);
  applyChange(cache, { change: { kind: "run", run }, at });
  expect(queryClient.getQueryData(key)?.state).toBe("ready");
  expect(queryClient.getQueryState(key)?.isInvalidated).toBe(true);
  first.resolve({ ...run, state: "ready" });
  await fetching;
});

test.each([
  [{ kind: "status" }, [true, true, true]],
  [{ kind: "run-event", event: { ...event, kind: "started" } }, [false, true, true]],
  [{ kind: "run-event", event }, [false, false, false]],
] as const)("%# makes plans, contexts and caches old where they follow from it", (change, isOld) => {
  const cache = emptyCache();
  const { queryClient, trpc } = cache;
  const keys = [
    trpc.servers.plan.queryKey({ name: "a" }),
    trpc.docker.contexts.queryKey(),
    trpc.caches.list.queryKey(),
  ];
  for (const queryKey of keys) queryClient.getQueryCache().build(queryClient, { queryKey }).setData({});
  applyChange(cache, { change, at });
  expect(keys.map((key) => queryClient.getQueryState(key)?.isInvalidated)).toEqual(isOld);
});

test("hello makes everything old", () => {
  const cache = emptyCache();
  cache.queryClient.setQueryData(cache.trpc.servers.list.queryKey(), []);
  applyChange(cache, { change: { kind: "hello" }, at });
  expect(cache.queryClient.getQueryState(cache.trpc.servers.list.queryKey())?.isInvalidated).toBe(true);
});
