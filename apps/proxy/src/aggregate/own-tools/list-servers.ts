import * as z from "zod";
import { defineOwnTool } from "./own-tool.ts";

const serverSchema = z.object({
  name: z.string(),
  state: z.string().describe("ready: answers calls. idle, stopped: starts with the next call."),
  enabled: z.boolean(),
  isolation: z.string(),
  problem: z.string().nullable().describe("Why it does not run, and what to do."),
  callsInFlight: z.number(),
  memoryBytes: z.number().nullable(),
  memoryLimitBytes: z.number().nullable(),
  lastExit: z.object({ runId: z.string(), endedAt: z.string(), summary: z.string() }).nullable(),
});

export const listServersTool = defineOwnTool({
  name: "list_servers",
  title: "List MCP servers",
  description:
    "Lists the MCP servers that MCPProxy runs: their state, memory, calls in flight, and why the last run of each ended. Use it first when a tool of a server fails or is missing.",
  inputSchema: z.object({}),
  outputSchema: z.object({ servers: z.array(serverSchema) }),
  effect: "reads",
  run: ({ servers }) =>
    Promise.resolve({
      servers: servers.list().map(({ name, state, enabled, isolation, problem, run, limits, lastVerdict }) => ({
        name,
        state,
        enabled,
        isolation,
        problem: problem === null ? null : `${problem.message} ${problem.remedy}`,
        callsInFlight: run?.callsInFlight ?? 0,
        memoryBytes: run?.memoryBytes ?? null,
        memoryLimitBytes: limits.memoryBytes,
        lastExit:
          lastVerdict === null
            ? null
            : { runId: lastVerdict.runId, endedAt: lastVerdict.endedAt, summary: lastVerdict.verdict.summary },
      })),
    }),
});
