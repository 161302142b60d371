import * as z from "zod";
import { findServer } from "../../api/services/find-server.ts";
import { defineOwnTool } from "./own-tool.ts";

const stderrLines = 40;

const exitSchema = z.object({
  runId: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  kind: z.string().describe("For example oom_killed, app_error, stopped_by_user."),
  confidence: z.string(),
  summary: z.string(),
  remedy: z.string().nullable(),
  evidence: z.array(z.string()),
  exitCode: z.number().nullable(),
  oomKilled: z.boolean(),
  peakMemoryBytes: z.number().nullable(),
  memoryLimitBytes: z.number().nullable(),
  callsInFlight: z.array(z.string()).describe("What it was working on."),
  stderrTail: z.array(z.string()),
});

export const explainLastExitTool = defineOwnTool({
  name: "explain_last_exit",
  title: "Explain the last exit of a server",
  description:
    "Tells why the last run of an MCP server ended: the verdict (out of memory, crashed, stopped by a person, …) with its evidence, the calls that were in flight, and the last lines of its stderr. Use it when a call failed because its server did.",
  inputSchema: z.object({ server: z.string().describe("Name of the server, as list_servers shows it.") }),
  outputSchema: z.object({ server: z.string(), exit: exitSchema.nullable().describe("null: no run has ended yet.") }),
  effect: "reads",
  async run(context, { server }) {
    const { name, lastVerdict } = findServer(context, server);
    const run = lastVerdict === null ? undefined : await context.store.runs.find(lastVerdict.runId);
    const verdict = run?.verdict ?? lastVerdict?.verdict;
    if (run === undefined || verdict === undefined) return { server: name, exit: null };
    return {
      server: name,
      exit: {
        runId: run.id,
        startedAt: run.startedAt,
        endedAt: run.endedAt,
        kind: verdict.kind,
        confidence: verdict.confidence,
        summary: verdict.summary,
        remedy: verdict.remedy ?? null,
        evidence: verdict.evidence.map((row) => row.text),
        exitCode: run.exitCode,
        oomKilled: run.oomKilled,
        peakMemoryBytes: run.peakMemoryBytes,
        memoryLimitBytes: run.limits.memoryBytes,
        callsInFlight: run.callsInFlight.map(({ method, tool }) => tool ?? method),
        stderrTail: run.stderrTail.slice(-stderrLines),
      },
    };
  },
});
