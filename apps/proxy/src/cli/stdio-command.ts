import type { Command } from "commander";
import { ProxyCore } from "../app/proxy-core.ts";
import { createFirstConfig } from "../config/load-config.ts";
import { serveLines } from "../fronts/line/line-session.ts";
import { connectToLocalSocket, localSocketPath } from "../fronts/line/local-socket.ts";
import type { PathOptions, Paths } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { stopSignal } from "./stop-signal.ts";

export function addStdioCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("stdio <server>"))
    .description("speak MCP on stdin and stdout, for clients that want a command")
    .action((server: string, options: PathOptions) => serveStdio(server, pathsOf(options, context), context));
}

/** Through the running service if there is one, else with a run of its own. Nothing but MCP goes to stdout. */
async function serveStdio(serverName: string, paths: Paths, context: CommandContext): Promise<void> {
  const connection = await connectToLocalSocket(localSocketPath(paths.dataDirectory), serverName);
  switch (connection.kind) {
    case "connected":
      await relay(connection.socket);
      return;
    case "refused":
      context.printError(`mcpproxy: ${connection.message}`);
      context.setExitCode(2);
      return;
    case "nobody-listens":
      await serveAlone(serverName, paths, context);
      return;
    default:
      connection satisfies never;
  }
}

async function relay(
  socket: Extract<Awaited<ReturnType<typeof connectToLocalSocket>>, { kind: "connected" }>["socket"],
): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.once("close", () => resolve());
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
  void stopSignal().then(() => socket.end());
  await closed;
  process.stdin.destroy();
}

async function serveAlone(serverName: string, paths: Paths, context: CommandContext): Promise<void> {
  await createFirstConfig(paths.config);
  const core = await ProxyCore.open({
    paths,
    environment: context.environment,
    platform: context.platform,
    mainLogFileName: "stdio.log",
  });
  try {
    const server = core.supervisor.find(serverName);
    if (server === undefined) {
      const names = core.supervisor.list().map(({ name }) => name);
      context.printError(
        `mcpproxy: no server is called "${serverName}" in ${paths.config}. Configured: ${names.join(", ") || "none"}.`,
      );
      context.setExitCode(2);
      return;
    }
    await core.findEngine();
    server.startEagerly("stdio");
    void stopSignal().then(() => process.stdin.destroy());
    await serveLines(server, process.stdin, process.stdout);
  } finally {
    await core.close();
  }
}
