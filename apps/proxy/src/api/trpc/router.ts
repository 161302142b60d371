import { tracked } from "@trpc/server";
import { z } from "zod";
import { auditQuerySchema, callStatsQuerySchema } from "../run-query.ts";
import { isolationChangesSchema } from "../isolation-changes.ts";
import { changeServerIsolation, restartServer, startServer, stopServer } from "../services/act-on-server.ts";
import { serverCallStats } from "../services/call-stats.ts";
import { examineServer } from "../services/examine-server.ts";
import { findServer } from "../services/find-server.ts";
import { overview } from "../services/overview.ts";
import { adviseLimits } from "../services/advise-limits.ts";
import { cachesRouter } from "./caches-router.ts";
import { failuresRouter } from "./failures-router.ts";
import { procedure, trpc } from "./procedure.ts";
import { runsRouter } from "./runs-router.ts";

const serverName = z.object({ name: z.string() });
const serverAction = serverName.extend({ note: z.string().max(500).optional() });
const outagesMax = 200;

export const router = trpc.router({
  status: procedure.query(({ ctx }) => ctx.status()),
  docker: trpc.router({
    contexts: procedure.query(({ ctx }) => ctx.contexts()),
    /** Times in which an engine did not answer, newest first. */
    outages: procedure.query(({ ctx }) => ctx.store.outages.list(outagesMax)),
  }),
  servers: trpc.router({
    list: procedure.query(({ ctx }) => ctx.servers.list()),
    byName: procedure.input(serverName).query(({ ctx, input }) => findServer(ctx, input.name)),
    logTail: procedure
      .input(serverName.extend({ lines: z.int().min(1).max(1_000).default(200) }))
      .query(({ ctx, input }) => ctx.servers.log(findServer(ctx, input.name).name).tail(input.lines)),
    plan: procedure.input(serverName).query(({ ctx, input }) => ctx.servers.plan(findServer(ctx, input.name).name)),
    /** Calls of all its runs by tool, in the last day when no time is given. */
    callStats: procedure
      .input(serverName.extend(callStatsQuerySchema.shape))
      .query(({ ctx, input: { name, ...hours } }) =>
        serverCallStats(ctx, { server: findServer(ctx, name).name, ...hours }),
      ),
    examine: procedure
      .input(serverName.extend({ shouldTry: z.boolean().default(false) }))
      .query(({ ctx, input }) => examineServer(ctx, input)),
    changeIsolation: procedure
      .input(serverName.extend({ changes: isolationChangesSchema }))
      .mutation(({ ctx, input }) => changeServerIsolation(ctx, input)),
    start: procedure.input(serverName).mutation(({ ctx, input }) => startServer(ctx, input)),
    stop: procedure.input(serverAction).mutation(({ ctx, input }) => stopServer(ctx, input)),
    restart: procedure.input(serverAction).mutation(({ ctx, input }) => restartServer(ctx, input)),
  }),
  runs: runsRouter,
  failures: failuresRouter,
  /** What needs attention, how servers fared, how much room the host has. */
  overview: procedure.query(({ ctx }) => overview(ctx)),
  /** Servers whose memory limit should be another, or was changed lately. */
  limitAdvice: procedure.query(({ ctx }) => adviseLimits(ctx)),
  audit: procedure
    .input(auditQuerySchema)
    .query(({ ctx, input: { cursor, ...query } }) => ctx.store.audit.list({ ...query, before: cursor })),
  caches: cachesRouter,
  /**
   * Every change of servers, runs and status. After `hello` fetch everything once. A client that comes back soon gets
   * what it missed instead; tRPC sends the last id by itself.
   */
  changes: procedure
    .input(z.object({ lastEventId: z.string().max(100).nullish() }).optional())
    .subscription(async function* changes({ ctx, input, signal }) {
      const from = input?.lastEventId ?? undefined;
      for await (const { id, change } of ctx.changes.follow(from, signal ?? new AbortController().signal)) {
        yield tracked(id, change);
      }
    }),
});

export type Router = typeof router;
