import type { Command } from "commander";
import { toDockerRunArgs } from "@mcpproxy/core/docker/docker-run-args";
import { shellQuote } from "@mcpproxy/core/format/shell-quote";
import { AppError } from "../app-error.ts";
import type { PathOptions } from "../paths.ts";
import { withPathOptions, type CommandContext } from "./command-context.ts";
import { planOneServer } from "./planned-server.ts";

export function addDockerArgsCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("docker-args <server>"))
    .description("print the docker command that creates the same container as MCPProxy would")
    .option("--json", "print the arguments as a JSON array")
    .action((server: string, options: PathOptions & { json?: boolean }) => printDockerArgs(server, options, context));
}

/** The network that stands in for "allowlist" is only known, and only guarded, while MCPProxy runs. */
const unfiltered =
  'Note: the filter for allow_hosts is part of the running MCPProxy. This command names the network "allowlist", which Docker does not have; the one of a real run is in docker_run_args of main.log.';

async function printDockerArgs(
  server: string,
  options: PathOptions & { json?: boolean },
  context: CommandContext,
): Promise<void> {
  const { spec, identity } = await planOneServer(server, options, context);
  const { plan } = spec;
  if (plan.kind === "refused")
    throw new AppError("server_not_runnable", `${server} will not run: ${plan.refusal.message} ${plan.refusal.remedy}`);
  if (plan.kind === "direct")
    throw new AppError("server_not_runnable", `${server} runs on the host, not in a container: ${plan.reason}`);
  const args = toDockerRunArgs(plan.plan, identity);
  if (plan.plan.network.mode === "allowlist") context.printError(unfiltered);
  context.print(options.json === true ? JSON.stringify(args) : ["docker", ...args].map(shellQuote).join(" "));
}
