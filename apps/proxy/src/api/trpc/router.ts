import { tracked } from "@trpc/server";
import { z } from "zod";
import { runQuerySchema } from "../run-query.ts";
import { isolationChangesSchema } from "../isolation-changes.ts";
import { examineServer } from "../services/examine-server.ts";
import { feedChanges } from "../services/feed-changes.ts";
import { findRun } from "../services/find-run.ts";
import { listRunRows } from "../services/list-runs.ts";
import { findServer } from "../services/find-server.ts";
import { cachesRouter } from "./caches-router.ts";
import { procedure, trpc } from "./procedure.ts";

const serverName = z.object({ name: z.string() });
const serverAction = serverName.extend({ note: z.string().max(500).optional() });
const runId = z.object({ id: z.uuid() });

export const router = trpc.router({
  status: procedure.query(({ ctx }) => ctx.status()),
  docker: trpc.router({
    contexts: procedure.query(({ ctx }) => ctx.contexts()),
  }),
  servers: trpc.router({
    list: procedure.query(({ ctx }) => ctx.servers.list()),
    byName: procedure.input(serverName).query(({ ctx, input }) => findServer(ctx, input.name)),
    logTail: procedure
      .input(serverName.extend({ lines: z.int().min(1).max(1_000).default(200) }))
      .query(({ ctx, input }) => ctx.servers.logTail(findServer(ctx, input.name).name, input.lines)),
    plan: procedure.input(serverName).query(({ ctx, input }) => ctx.servers.plan(findServer(ctx, input.name).name)),
    examine: procedure
      .input(serverName.extend({ shouldTry: z.boolean().default(false) }))
      .query(({ ctx, input }) => examineServer(ctx, input)),
    changeIsolation: procedure
      .input(serverName.extend({ changes: isolationChangesSchema }))
      .mutation(({ ctx, input }) => ctx.servers.changeIsolation(findServer(ctx, input.name).name, input.changes)),
    start: procedure
      .input(serverName)
      .mutation(({ ctx, input }) => ctx.servers.start(findServer(ctx, input.name).name)),
    stop: procedure
      .input(serverAction)
      .mutation(({ ctx, input }) =>
        ctx.servers.stop(findServer(ctx, input.name).name, { actor: ctx.actor, note: input.note }),
      ),
    restart: procedure
      .input(serverAction)
      .mutation(({ ctx, input }) =>
        ctx.servers.restart(findServer(ctx, input.name).name, { actor: ctx.actor, note: input.note }),
      ),
  }),
  runs: trpc.router({
    list: procedure.input(runQuerySchema).query(({ ctx, input }) => listRunRows(ctx, input)),
    byId: procedure.input(runId).query(({ ctx, input }) => findRun(ctx, input.id)),
    events: procedure.input(runId).query(({ ctx, input }) => ctx.store.runs.events(input.id)),
    samples: procedure.input(runId).query(({ ctx, input }) => ctx.store.runs.samples(input.id)),
  }),
  caches: cachesRouter,
  /** Every change of servers, runs and status. The first message is `hello`: after it (also after a reconnect) fetch everything once. */
  changes: procedure.subscription(async function* changes({ ctx, signal }) {
    let sequence = 0;
    yield tracked(String(sequence), { kind: "hello" as const });
    for await (const change of feedChanges(ctx.feed, signal ?? new AbortController().signal)) {
      sequence += 1;
      yield tracked(String(sequence), change);
    }
  }),
});

export type Router = typeof router;
