import type { Command } from "commander";
import { formatBytes } from "@mcpproxy/core/format/bytes";
import { z } from "zod";
import { loadConfig } from "../config/load-config.ts";
import type { PathOptions } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { fitColumns } from "./fit-columns.ts";
import { askProxy } from "./proxy-client.ts";
import { formatTable } from "./table.ts";

/** The fields of a server that the table shows; --json gives them all. */
const serversSchema = z.object({
  servers: z.array(
    z.looseObject({
      name: z.string(),
      state: z.string(),
      isolation: z.string(),
      image: z.string().nullable(),
      limits: z.object({ memoryBytes: z.number().nullable() }),
      problem: z.object({ message: z.string(), remedy: z.string() }).nullable(),
      lastVerdict: z.object({ verdict: z.object({ summary: z.string() }) }).nullable(),
    }),
  ),
});

export function addServersCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("servers"))
    .description("list the servers and what they do")
    .option("--json", "print JSON")
    .action((options: PathOptions & { json?: boolean }) => listServers(options, context));
}

async function listServers(options: PathOptions & { json?: boolean }, context: CommandContext): Promise<void> {
  const paths = pathsOf(options, context);
  const answer = await askProxy("/servers", { paths, context });
  if (answer === undefined) {
    const config = await loadConfig(paths.config);
    context.printError("MCPProxy is not running; these servers are configured:");
    context.print(
      options.json === true
        ? JSON.stringify({ servers: config.servers.map(({ name }) => ({ name })) })
        : config.servers.map(({ name }) => name).join("\n"),
    );
    context.setExitCode(1);
    return;
  }
  const { servers } = serversSchema.parse(answer);
  if (servers.some((server) => server.problem !== null)) context.setExitCode(1);
  if (options.json === true) {
    context.print(JSON.stringify(answer));
    return;
  }
  const rows = servers.map((server) => [
    server.name,
    server.state,
    server.isolation,
    server.limits.memoryBytes === null ? "-" : formatBytes(server.limits.memoryBytes),
    server.problem === null ? (server.lastVerdict?.verdict.summary ?? "-") : "(see below)",
  ]);
  context.print(fitColumns(formatTable(["NAME", "STATE", "ISOLATION", "MEMORY", "LAST VERDICT"], rows), context));
  // Whole, because what to do about it stands at the end.
  for (const { name, problem } of servers)
    if (problem !== null) context.print(`\n${name}: ${problem.message}\n  ${problem.remedy}`);
}
