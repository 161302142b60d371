import type { JsonObject, ToolOutcome } from "../../tools/tool-record.ts";
import { audit } from "./audit.ts";
import type { ApiContext } from "./context.ts";
import { findServer } from "./find-server.ts";

export interface ToolTrial {
  readonly name: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Calls a tool for a person. Its arguments are not noted: people type secrets into them. */
export async function tryTool(context: ApiContext, { name, ...call }: ToolTrial): Promise<ToolOutcome> {
  const server = findServer(context, name).name;
  // Noted before the call: one that kills the server is what an admin looks for.
  await audit(context, { action: "call-tool", server, detail: call.tool });
  return await context.servers.tools.call(server, call);
}
