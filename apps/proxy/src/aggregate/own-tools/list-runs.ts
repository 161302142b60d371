import * as z from "zod";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { findServer } from "../../api/services/find-server.ts";
import { listRunRows } from "../../api/services/list-runs.ts";
import { defineOwnTool } from "./own-tool.ts";

const runSchema = z.object({
  id: z.string(),
  server: z.string(),
  state: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  verdict: z.string().nullable(),
  summary: z.string().nullable(),
  exitCode: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
  callsTotal: z.number(),
});

export const listRunsTool = defineOwnTool({
  name: "list_runs",
  title: "List runs of servers",
  description:
    "Lists past and present runs of MCP servers, newest first: when each began and ended, and why. Use it to see whether a server keeps failing, and since when.",
  inputSchema: z.object({
    server: z.string().optional().describe("Only runs of this server."),
    verdict: z.enum(verdictKinds).optional().describe("Only runs that ended for this reason."),
    limit: z.int().min(1).max(100).default(20),
  }),
  outputSchema: z.object({ runs: z.array(runSchema) }),
  effect: "reads",
  async run(context, { server, verdict, limit }) {
    const name = server === undefined ? undefined : findServer(context, server).name;
    const { runs } = await listRunRows(context, { server: name, verdict, limit });
    return {
      runs: runs.map((run) => ({
        id: run.id,
        server: run.server,
        state: run.state,
        startedAt: run.startedAt,
        endedAt: run.endedAt,
        durationMs: run.durationMs,
        verdict: run.verdict?.kind ?? null,
        summary: run.verdict?.summary ?? null,
        exitCode: run.exitCode,
        peakMemoryBytes: run.peakMemoryBytes,
        callsTotal: run.callsTotal,
      })),
    };
  },
});
