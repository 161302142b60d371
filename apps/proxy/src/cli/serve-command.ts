import { everyIssue } from "@mcpproxy/config-schema/parse-config";
import type { Command } from "commander";
import { resolveListenAddress } from "../app/listen-address.ts";
import { openService, type Service } from "../app/service.ts";
import { createFirstConfig } from "../config/load-config.ts";
import type { PathOptions } from "../paths.ts";
import { withPathOptions, pathsOf, type CommandContext } from "./command-context.ts";
import { placeOf } from "./place-of.ts";
import { stopSignal } from "./stop-signal.ts";

type ServeOptions = PathOptions & { readonly listen?: string };

export function addServeCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("serve"))
    .description("run the proxy in the foreground")
    .option("--listen <address>", "address of the HTTP server (MCPPROXY_LISTEN), default 127.0.0.1:8080")
    .action((options: ServeOptions) => serve(options, context));
}

async function serve(options: ServeOptions, context: CommandContext): Promise<void> {
  const paths = pathsOf(options, context);
  const { environment, platform } = context;
  if (await createFirstConfig(paths.config))
    context.print(`Wrote a first config with two example servers: ${paths.config}`);
  const service = await openService({
    paths,
    environment,
    platform,
    mainLogFileName: "main.log",
    listen: (core) => resolveListenAddress(options.listen, environment, core.config),
    dashboardUrl: `http://127.0.0.1:${environment.webPort ?? "3000"}`,
  });
  const stopped = stopSignal();
  context.print(`MCPProxy is listening on ${service.url}`);
  for (const issue of everyIssue(service.core.config)) {
    context.printError(`${placeOf(issue, "error")} ${issue.message}${issue.remedy === null ? "" : ` ${issue.remedy}`}`);
  }
  const started = startServers(service, context);
  await stopped;
  context.print("Stopping the servers …");
  await started;
  await service.close();
  context.print("MCPProxy has stopped.");
}

/** Starts what can start, and says on the terminal why the rest waits. Never rejects: MCPProxy serves on without. */
async function startServers(service: Service, context: CommandContext): Promise<void> {
  const { core } = service;
  try {
    await service.startServers();
  } catch (error) {
    core.mainLog.error({ error }, "could not start the servers");
    context.printError(
      `mcpproxy: could not start the servers: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const { problem } = core.engines.fallback.status;
  if (problem !== null) {
    context.printError(
      `${problem.message} ${problem.remedy} Servers in containers wait until then; nothing runs without isolation.`,
    );
  }
}
