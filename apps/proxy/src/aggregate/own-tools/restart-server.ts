import * as z from "zod";
import { restartServer } from "../../api/services/act-on-server.ts";
import { defineOwnTool } from "./own-tool.ts";

export const restartServerTool = defineOwnTool({
  name: "restart_server",
  title: "Restart a server",
  description:
    "Stops an MCP server in order and starts it again, also one that was given up after many failures. Calls of everyone that are in flight at it fail. Find out with explain_last_exit why it failed before you restart it.",
  inputSchema: z.object({
    server: z.string().describe("Name of the server, as list_servers shows it."),
    reason: z.string().max(500).optional().describe("Why, for the people who read the history."),
  }),
  outputSchema: z.object({ server: z.string(), state: z.string() }),
  effect: "restarts",
  async run(context, { server, reason }) {
    const { name, state } = await restartServer(context, { name: server, note: reason });
    return { server: name, state };
  },
});
