import { repository } from "./repository.ts";
import { startProcess } from "./managed-process.ts";
import type { TemporaryHome } from "./temporary-home.ts";

export interface CommandOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Both streams, for messages of which the stream does not matter. */
  readonly output: string;
}

/** The variables that point every `mcpproxy` command at one home and its ports. */
export function homeEnvironment(
  home: TemporaryHome,
  ports?: { readonly proxy: number; readonly web: number },
): Record<string, string> {
  return {
    HOME: home.directory,
    MCPPROXY_CONFIG: home.configPath,
    MCPPROXY_DATA_DIR: home.dataDir,
    MCPPROXY_LOG_DIR: home.logDir,
    ...(ports && { MCPPROXY_LISTEN: `127.0.0.1:${ports.proxy}`, MCPPROXY_WEB_PORT: String(ports.web) }),
  };
}

/** Runs one `mcpproxy` command to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandOutcome> {
  const command = startProcess({ program: process.execPath, args: [repository.proxyProgram, ...args], environment });
  const { code } = await command.exited;
  return { exitCode: code, stdout: command.stdout(), output: command.output() };
}
