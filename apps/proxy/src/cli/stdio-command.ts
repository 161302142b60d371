import { Option, type Command } from "commander";
import { ProxyCore } from "../app/proxy-core.ts";
import { createFirstConfig } from "../config/load-config.ts";
import { serveLines } from "../fronts/line/line-session.ts";
import type { PathOptions, Paths } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { relayStdio } from "./relay-stdio.ts";
import { stopSignal } from "./stop-signal.ts";

type StdioOptions = PathOptions & { readonly alone?: true };

export function addStdioCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("stdio <server>"))
    .description("speak MCP on stdin and stdout, for clients that want a command")
    .addOption(new Option("--alone").hideHelp())
    .action((server: string, options: StdioOptions) => serveStdio(server, options, context));
}

/** Through the running service if there is one, else with a process of its own, which is this command with --alone. */
async function serveStdio(serverName: string, options: StdioOptions, context: CommandContext): Promise<void> {
  const paths = pathsOf(options, context);
  if (options.alone === true) {
    await serveAlone(serverName, paths, context);
    return;
  }
  const [node = "", script = "", ...words] = process.argv;
  const alone = [node, ...process.execArgv, script, ...words, "--alone"] as const;
  context.setExitCode(exitCodeOf(await relayStdio({ serverName, paths, alone })));
}

function exitCodeOf(code: number): 0 | 1 | 2 {
  if (code === 0 || code === 2) return code;
  return 1;
}

async function serveAlone(serverName: string, paths: Paths, context: CommandContext): Promise<void> {
  await createFirstConfig(paths.config);
  const core = await ProxyCore.open({
    paths,
    environment: context.environment,
    platform: context.platform,
    mainLogFileName: "stdio.log",
  });
  // What the server said of itself before is told at once; what needs the server waits for the engine.
  const whenOpen = core.findEngine();
  whenOpen.catch(() => undefined);
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
    void stopSignal().then(() => process.stdin.destroy());
    await serveLines(server, { input: process.stdin, output: process.stdout, whenOpen });
  } finally {
    await whenOpen.catch((error: unknown) => core.mainLog.error({ error: String(error) }, "could not ask the engine"));
    await core.close();
  }
}
