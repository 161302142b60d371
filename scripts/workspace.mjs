import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repositoryRoot = dirname(dirname(fileURLToPath(import.meta.url)));
export const toolchainFolder = join(repositoryRoot, ".toolchain");
/** Full output of the quiet steps. */
export const logFolder = join(toolchainFolder, "logs");
export const proxyFolder = join(repositoryRoot, "apps", "proxy");
export const webFolder = join(repositoryRoot, "apps", "web");
export const proxyCommand = join(proxyFolder, "bin", "mcpproxy.mjs");

/** Where a Docker daemon that these scripts start writes its log. */
export function stateFolder() {
  const base = process.env.XDG_STATE_HOME || join(homedir(), ".local", "state");
  return join(base, "mcpproxy");
}
