import { z } from "zod";
import { callStatsQuerySchema } from "../run-query.ts";
import { isolationChangesSchema } from "../isolation-changes.ts";
import { newServerSchema } from "../server-entry.ts";
import { changeServerIsolation, restartServer, startServer, stopServer } from "../services/act-on-server.ts";
import { serverCallStats } from "../services/call-stats.ts";
import { addServer, setServerEnabled } from "../services/edit-servers.ts";
import { examineServer } from "../services/examine-server.ts";
import { findServer } from "../services/find-server.ts";
import { tryTool } from "../services/try-tool.ts";
import { procedure, trpc } from "./procedure.ts";

const serverName = z.object({ name: z.string() });
const serverAction = serverName.extend({ note: z.string().max(500).optional() });
const isolationEdit = serverName.extend({ changes: isolationChangesSchema });
const toolArgumentsMax = 1024 * 1024;

const toolTrial = serverName.extend({
  tool: z.string().max(500),
  args: z
    .record(z.string(), z.json())
    .refine((args) => JSON.stringify(args).length <= toolArgumentsMax, { error: "are larger than 1 MiB." }),
  timeoutMs: z.int().min(1_000).max(600_000).default(60_000),
});

/** What is configured, what it does, and what to do with it. */
export const serversRouter = trpc.router({
  list: procedure.query(({ ctx }) => ctx.servers.list()),
  byName: procedure.input(serverName).query(({ ctx, input }) => findServer(ctx, input.name)),
  logTail: procedure
    .input(serverName.extend({ lines: z.int().min(1).max(1_000).default(200) }))
    .query(({ ctx, input }) => ctx.servers.log(findServer(ctx, input.name).name).tail(input.lines)),
  plan: procedure.input(serverName).query(({ ctx, input }) => ctx.servers.plan(findServer(ctx, input.name).name)),
  /** Its entry in the config file, secrets masked. */
  configEntry: procedure
    .input(serverName)
    .query(({ ctx, input }) => ctx.servers.configEntry(findServer(ctx, input.name).name)),
  /** Calls of all its runs by tool, in the last day when no time is given. */
  callStats: procedure
    .input(serverName.extend(callStatsQuerySchema.shape))
    .query(({ ctx, input: { name, ...hours } }) =>
      serverCallStats(ctx, { server: findServer(ctx, name).name, ...hours }),
    ),
  examine: procedure
    .input(serverName.extend({ shouldTry: z.boolean().default(false) }))
    .query(({ ctx, input }) => examineServer(ctx, input)),
  /** The tools of the run that serves now; null when there is none and none is to be started. */
  tools: procedure
    .input(serverName.extend({ shouldStart: z.boolean().default(false), isFresh: z.boolean().default(false) }))
    .query(
      async ({ ctx, input: { name, ...how } }) =>
        (await ctx.servers.tools.list(findServer(ctx, name).name, how)) ?? null,
    ),
  callTool: procedure.input(toolTrial).mutation(({ ctx, input, signal }) => tryTool(ctx, { ...input, signal })),
  changeIsolation: procedure.input(isolationEdit).mutation(({ ctx, input }) => changeServerIsolation(ctx, input)),
  // Mutations although they write nothing: values of env have no place in a URL.
  proposeIsolation: procedure
    .input(isolationEdit)
    .mutation(({ ctx, input: { name, changes } }) =>
      ctx.servers.propose({ kind: "isolation", server: findServer(ctx, name).name, changes }),
    ),
  proposeServer: procedure
    .input(newServerSchema)
    .mutation(({ ctx, input: { name, entry } }) => ctx.servers.propose({ kind: "add", server: name, entry })),
  add: procedure.input(newServerSchema).mutation(({ ctx, input }) => addServer(ctx, input)),
  enable: procedure
    .input(serverName)
    .mutation(({ ctx, input }) => setServerEnabled(ctx, { ...input, isEnabled: true })),
  disable: procedure
    .input(serverName)
    .mutation(({ ctx, input }) => setServerEnabled(ctx, { ...input, isEnabled: false })),
  start: procedure.input(serverName).mutation(({ ctx, input }) => startServer(ctx, input)),
  stop: procedure.input(serverAction).mutation(({ ctx, input }) => stopServer(ctx, input)),
  restart: procedure.input(serverAction).mutation(({ ctx, input }) => restartServer(ctx, input)),
});
