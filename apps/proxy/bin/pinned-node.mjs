import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The Node that `npm start` has put into .toolchain; undefined before its first start. Runs on Node 18. */
export function findPinnedNode() {
  const folder = new URL("../../../.toolchain/node_modules/", import.meta.url);
  const packages = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("node-")) : [];
  return packages
    .flatMap((name) => ["node", "node.exe"].map((file) => fileURLToPath(new URL(`${name}/bin/${file}`, folder))))
    .find((path) => existsSync(path));
}

/**
 * Runs this same command with another Node and ends as it ends.
 * @param {string} nodePath
 */
export function runWith(nodePath) {
  const child = spawn(nodePath, process.argv.slice(1), {
    stdio: "inherit",
    env: { ...process.env, MCPPROXY_HOST_NODE: process.env.MCPPROXY_HOST_NODE || process.execPath },
  });
  // The child stops its servers in order; until then this process stays, because the caller waits for it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    process.stderr.write(`mcpproxy: ${nodePath} could not be started: ${error.message}\n`);
    process.exit(2);
  });
  child.once("exit", (code) => process.exit(code ?? 1));
}
