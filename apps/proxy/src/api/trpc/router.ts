import { initTRPC, tracked } from "@trpc/server";
import { z } from "zod";
import { runStates } from "@mcpproxy/core/run/run-record";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import type { ApiContext } from "../services/context.ts";
import { findRun } from "../services/find-run.ts";
import { findServer } from "../services/find-server.ts";
import { feedChanges } from "../services/feed-changes.ts";

const trpc = initTRPC.context<ApiContext>().create({
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 15_000 } },
});
const procedure = trpc.procedure;

const serverName = z.object({ name: z.string() });
const serverAction = serverName.extend({ note: z.string().max(500).optional() });
const runId = z.object({ id: z.uuid() });

export const runQuery = z.object({
  server: z.string().optional(),
  verdict: z.enum(verdictKinds).optional(),
  state: z.enum(runStates).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  text: z.string().max(200).optional(),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().optional(),
});

export const router = trpc.router({
  status: procedure.query(({ ctx }) => ctx.status()),
  servers: trpc.router({
    list: procedure.query(({ ctx }) => ctx.servers.list()),
    byName: procedure.input(serverName).query(({ ctx, input }) => findServer(ctx, input.name)),
    logTail: procedure
      .input(serverName.extend({ lines: z.int().min(1).max(1_000).default(200) }))
      .query(({ ctx, input }) => ctx.servers.logTail(findServer(ctx, input.name).name, input.lines)),
    start: procedure.input(serverName).mutation(({ ctx, input }) => ctx.servers.start(findServer(ctx, input.name).name, ctx.actor)),
    stop: procedure
      .input(serverAction)
      .mutation(({ ctx, input }) => ctx.servers.stop(findServer(ctx, input.name).name, ctx.actor, input.note)),
    restart: procedure
      .input(serverAction)
      .mutation(({ ctx, input }) => ctx.servers.restart(findServer(ctx, input.name).name, ctx.actor, input.note)),
  }),
  runs: trpc.router({
    list: procedure.input(runQuery).query(({ ctx, input }) => ctx.store.runs.list(input)),
    byId: procedure.input(runId).query(({ ctx, input }) => findRun(ctx, input.id)),
    events: procedure.input(runId).query(({ ctx, input }) => ctx.store.runs.events(input.id)),
    samples: procedure.input(runId).query(({ ctx, input }) => ctx.store.runs.samples(input.id)),
  }),
  /** Every change of servers, runs and status. The first message is `hello`: after it (also after a reconnect) refetch once. */
  changes: procedure.subscription(async function* ({ ctx, signal }) {
    let sequence = 0;
    yield tracked(String(sequence), { kind: "hello" as const });
    for await (const change of feedChanges(ctx.feed, signal ?? new AbortController().signal)) {
      sequence += 1;
      yield tracked(String(sequence), change);
    }
  }),
});

export type Router = typeof router;
