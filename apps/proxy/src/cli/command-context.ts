import { Option, type Command } from "commander";
import type { Environment } from "../environment.ts";
import type { Terminal } from "./pull-board.ts";
import { resolvePaths, type PathOptions, type Paths } from "../paths.ts";

/** What a command may use of the world. */
export interface CommandContext {
  readonly environment: Environment;
  readonly platform: NodeJS.Platform;
  /** Set where output goes to a person's terminal. */
  readonly terminal?: Terminal;
  print(text: string): void;
  printError(text: string): void;
  setExitCode(code: 0 | 1 | 2): void;
}

/** The options that say where everything lives; every command has them. */
export function withPathOptions(command: Command): Command {
  return command
    .addOption(new Option("--config <file>", "config file (MCPPROXY_CONFIG)"))
    .addOption(new Option("--data-dir <folder>", "database, API key, instance id (MCPPROXY_DATA_DIR)"))
    .addOption(new Option("--log-dir <folder>", "main.log and server-NAME.log (MCPPROXY_LOG_DIR)"));
}

export function pathsOf(options: PathOptions, context: CommandContext): Paths {
  return resolvePaths(options, context.environment, context.platform);
}
