import { tracked } from "@trpc/server";
import { z } from "zod";
import { auditQuerySchema } from "../run-query.ts";
import { adviseLimits } from "../services/advise-limits.ts";
import { overview } from "../services/overview.ts";
import { cachesRouter } from "./caches-router.ts";
import { failuresRouter } from "./failures-router.ts";
import { logsRouter } from "./logs-router.ts";
import { procedure, trpc } from "./procedure.ts";
import { runsRouter } from "./runs-router.ts";
import { serversRouter } from "./servers-router.ts";

const outagesMax = 200;

export const router = trpc.router({
  status: procedure.query(({ ctx }) => ctx.status()),
  docker: trpc.router({
    contexts: procedure.query(({ ctx }) => ctx.contexts()),
    /** Times in which an engine did not answer, newest first. */
    outages: procedure.query(({ ctx }) => ctx.store.outages.list(outagesMax)),
  }),
  servers: serversRouter,
  logs: logsRouter,
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
