import * as z from "zod";
import { readLog } from "../../api/services/read-log.ts";
import { defineOwnTool } from "./own-tool.ts";

export const tailLogTool = defineOwnTool({
  name: "tail_log",
  title: "Read the end of a server's log",
  description:
    "Gives the last lines of an MCP server's log: its stderr and what MCPProxy did with it, oldest line first. Secrets of its configuration are not in it.",
  inputSchema: z.object({
    server: z.string().describe("Name of the server, as list_servers shows it."),
    lines: z.int().min(1).max(1_000).default(100),
  }),
  outputSchema: z.object({ lines: z.array(z.string()) }),
  effect: "reads",
  run: async (context, { server, lines }) => ({ lines: [...(await readLog(context, { name: server, lines }))] }),
});
