import type { Command } from "commander";
import { z } from "zod";
import type { PathOptions } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { askProxy } from "./proxy-client.ts";

const linkSchema = z.object({ url: z.string() });

export function addLoginCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("login"))
    .description("print a link that logs a browser in to the dashboard, good once and for ten minutes")
    .option("--json", "print JSON")
    .action(async (options: PathOptions & { json?: boolean }) => {
      const answer = await askProxy("/login-links", { paths: pathsOf(options, context), context, method: "POST" });
      if (answer === undefined) {
        context.printError("mcpproxy: MCPProxy is not running here. Start it with `npm start` or `mcpproxy serve`.");
        context.setExitCode(1);
        return;
      }
      const link = linkSchema.parse(answer);
      context.print(options.json === true ? JSON.stringify(link) : link.url);
    });
}
