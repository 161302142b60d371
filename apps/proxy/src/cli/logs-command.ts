import type { Command } from "commander";
import { AppError } from "../app-error.ts";
import { loadConfig } from "../config/load-config.ts";
import { createServerLog } from "../logs/server-log.ts";
import type { PathOptions } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";

interface LogsOptions extends PathOptions {
  readonly lines: string;
  readonly json?: boolean;
}

export function addLogsCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("logs <server>"))
    .description("print the end of a server's log")
    .option("-n, --lines <number>", "how many lines", "100")
    .option("--json", "print JSON")
    .action((server: string, options: LogsOptions) => printLog(server, options, context));
}

async function printLog(server: string, options: LogsOptions, context: CommandContext): Promise<void> {
  const paths = pathsOf(options, context);
  const count = Number(options.lines);
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new AppError("invalid_request", `--lines ${options.lines}: write a number from 1 to 100000.`);
  const { servers } = await loadConfig(paths.config);
  if (!servers.some(({ name }) => name === server)) {
    throw new AppError(
      "server_not_found",
      `No server is called "${server}" in ${paths.config}. Configured: ${servers.map(({ name }) => name).join(", ") || "none"}.`,
    );
  }
  // What is in the file was redacted when it was written.
  const log = createServerLog({ directory: paths.logDirectory, server, redact: (text) => text });
  const lines = await log.tail(count);
  await log.close();
  context.print(options.json === true ? JSON.stringify({ lines }) : lines.join("\n"));
}
