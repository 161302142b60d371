import { Command, CommanderError } from "commander";
import { AppError } from "../app-error.ts";
import { StoreError } from "../store/store-error.ts";
import { readEnvironment } from "../environment.ts";
import { version } from "../version.ts";
import type { CommandContext } from "./command-context.ts";
import { addCacheCommand } from "./cache-command.ts";
import { addContextsCommand } from "./contexts-command.ts";
import { addConnectCommand } from "./connect-command.ts";
import { addDockerArgsCommand } from "./docker-args-command.ts";
import { addDoctorCommand } from "./doctor-command.ts";
import { addImagesCommand } from "./images-command.ts";
import { addImportCommand } from "./import-command.ts";
import { addLoginCommand } from "./login-command.ts";
import { addLogsCommand } from "./logs-command.ts";
import { addPlanCommand } from "./plan-command.ts";
import { addRunsCommand } from "./runs-command.ts";
import { addServeCommand } from "./serve-command.ts";
import { addServersCommand } from "./servers-command.ts";
import { addStdioCommand } from "./stdio-command.ts";
import { addCallCommand, addToolsCommand } from "./tools-command.ts";
import { addValidateCommand } from "./validate-command.ts";

/** Exit codes: 0 ok, 1 the thing asked about is unhealthy, 2 usage or config error. */
async function main(): Promise<number> {
  const program = new Command("mcpproxy")
    .description("Runs every stdio MCP server in its own container, and knows why it died.")
    .version(version)
    // An option behind a subcommand is that one's, also where the command above has one of the same name.
    .enablePositionalOptions()
    .exitOverride();
  // Whoever read our output may be gone (a closed terminal, a parent that died): the servers still have to be stopped in order.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  let exitCode = 0;
  const context: CommandContext = {
    environment: readEnvironment(),
    platform: process.platform,
    ...(process.stdout.isTTY ? { terminal: process.stdout } : {}),
    print: (text) => process.stdout.write(`${text}\n`),
    printError: (text) => process.stderr.write(`${text}\n`),
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  addServeCommand(program, context);
  addStdioCommand(program, context);
  addServersCommand(program, context);
  addRunsCommand(program, context);
  addLogsCommand(program, context);
  addToolsCommand(program, context);
  addCallCommand(program, context);
  addValidateCommand(program, context);
  addPlanCommand(program, context);
  addDoctorCommand(program, context);
  addDockerArgsCommand(program, context);
  addContextsCommand(program, context);
  addImagesCommand(program, context);
  addCacheCommand(program, context);
  addImportCommand(program, context);
  addConnectCommand(program, context);
  addLoginCommand(program, context);
  try {
    await program.parseAsync();
    return exitCode;
  } catch (error) {
    // Commander has printed its own words already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const isExpected = error instanceof AppError || error instanceof StoreError;
    context.printError(isExpected ? `mcpproxy: ${error.message}` : describeBug(error));
    return 2;
  }
}

function describeBug(error: unknown): string {
  return `mcpproxy failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

// The Docker client calls url.parse() for tcp addresses; nobody who reads our output can do anything about it.
process.noDeprecation = true;
process.exitCode = await main();
