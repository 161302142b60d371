import { everyIssue } from "@mcpproxy/config-schema/parse-config";
import type { Command } from "commander";
import { resolveListenAddress } from "../app/listen-address.ts";
import { openService } from "../app/service.ts";
import { createFirstConfig } from "../config/load-config.ts";
import type { PathOptions } from "../paths.ts";
import { withPathOptions, pathsOf, type CommandContext } from "./command-context.ts";
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
  for (const { file, line, column, path, message, remedy } of everyIssue(service.core.config)) {
    context.printError(`${file}:${line}:${column} ${path}: ${message}${remedy === null ? "" : ` ${remedy}`}`);
  }
  const started = service.startServers();
  await stopped;
  context.print("Stopping the servers …");
  await started;
  await service.close();
  context.print("MCPProxy has stopped.");
}
