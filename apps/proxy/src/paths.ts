import { join } from "node:path";
import type { Environment } from "./environment.ts";

export interface PathOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly logDir?: string;
}

/** Where everything lives: option, then variable, then the fixed place of design and guide. */
export interface Paths {
  readonly config: string;
  readonly dataDirectory: string;
  readonly logDirectory: string;
  readonly database: string;
  readonly apiKey: string;
  readonly instanceId: string;
  /** Key of the fingerprints in config snapshots; beside the database and not in it, so that a copy of that tells nothing. */
  readonly historyKey: string;
  /** What servers said of themselves when they last ran. */
  readonly handshakes: string;
}

export function resolvePaths(options: PathOptions, environment: Environment, platform: NodeJS.Platform): Paths {
  const home = join(environment.homeDirectory, ".mcpproxy");
  const dataDirectory = options.dataDir ?? environment.dataDirectory ?? home;
  return {
    config: options.config ?? environment.configPath ?? join(home, "mcp_config.json"),
    dataDirectory,
    logDirectory: options.logDir ?? environment.logDirectory ?? defaultLogDirectory(environment, platform),
    database: join(dataDirectory, "mcpproxy.db"),
    apiKey: join(dataDirectory, "api_key"),
    instanceId: join(dataDirectory, "instance_id"),
    historyKey: join(dataDirectory, "history_key"),
    handshakes: join(dataDirectory, "handshakes.json"),
  };
}

function defaultLogDirectory(environment: Environment, platform: NodeJS.Platform): string {
  if (platform === "darwin") return join(environment.homeDirectory, "Library", "Logs", "mcpproxy");
  return join(environment.stateHome, "mcpproxy", "logs");
}
