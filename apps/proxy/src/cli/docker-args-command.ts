import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { containerName, containerSuffix } from "@mcpproxy/core/docker/container-name";
import { toDockerRunArgs } from "@mcpproxy/core/docker/docker-run-args";
import { shellQuote } from "@mcpproxy/core/format/shell-quote";
import { v7 as uuidv7 } from "uuid";
import { AppError } from "../app-error.ts";
import { gatherHostFacts } from "../config/host-facts.ts";
import { loadConfig } from "../config/load-config.ts";
import { planServers } from "../config/plan-servers.ts";
import { readOrCreateSecret } from "../config/private-file.ts";
import type { PathOptions } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";

export function addDockerArgsCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("docker-args <server>"))
    .description("print the docker command that creates the same container as MCPProxy would")
    .option("--json", "print the arguments as a JSON array")
    .action((server: string, options: PathOptions & { json?: boolean }) => printDockerArgs(server, options, context));
}

async function printDockerArgs(
  server: string,
  options: PathOptions & { json?: boolean },
  context: CommandContext,
): Promise<void> {
  const paths = pathsOf(options, context);
  const specs = planServers(await loadConfig(paths.config), gatherHostFacts(context.environment, context.platform));
  const spec = specs.find(({ name }) => name === server);
  if (spec === undefined) {
    throw new AppError(
      "server_not_found",
      `No server is called "${server}" in ${paths.config}. Configured: ${specs.map(({ name }) => name).join(", ") || "none"}.`,
    );
  }
  const { plan } = spec;
  if (plan.kind === "refused")
    throw new AppError("server_not_runnable", `${server} will not run: ${plan.refusal.message} ${plan.refusal.remedy}`);
  if (plan.kind === "direct")
    throw new AppError("server_not_runnable", `${server} runs on the host, not in a container: ${plan.reason}`);
  const args = toDockerRunArgs(plan.plan, {
    name: containerName(server, containerSuffix(randomBytes(16))),
    instanceId: await readOrCreateSecret(paths.instanceId, 8),
    runId: uuidv7(),
    createdAt: new Date().toISOString(),
  });
  context.print(options.json === true ? JSON.stringify(args) : ["docker", ...args].map(shellQuote).join(" "));
}
