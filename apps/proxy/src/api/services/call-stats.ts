import { toolCallStats, type ToolCallStats } from "@mcpproxy/core/run/call-counts";
import type { ApiContext } from "./context.ts";

const dayMs = 86_400_000;

export interface ServerCallStats {
  /** What was asked for; whole hours around it are summed. */
  readonly from: string;
  readonly to: string;
  readonly tools: readonly ToolCallStats[];
}

/** The calls that a run answered, by tool. */
export async function runCallStats(
  { store }: Pick<ApiContext, "store">,
  runId: string,
): Promise<readonly ToolCallStats[]> {
  return (await store.runs.toolCalls(runId)).map(toolCallStats);
}

/** The calls that all runs of a server answered in some hours, by tool; in the last day when nothing is said. */
export async function serverCallStats(
  { store }: Pick<ApiContext, "store">,
  query: { readonly server: string; readonly from?: string | undefined; readonly to?: string | undefined },
): Promise<ServerCallStats> {
  const to = query.to ?? new Date().toISOString();
  const from = query.from ?? new Date(Date.parse(to) - dayMs).toISOString();
  const counts = await store.runs.serverToolCalls({ server: query.server, from, to });
  return { from, to, tools: counts.map(toolCallStats) };
}
