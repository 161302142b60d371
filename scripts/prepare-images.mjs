import { runCommand } from "./run-command.mjs";
import { proxyCommand, repositoryRoot } from "./workspace.mjs";

const pullDeadlineMs = 30 * 60_000;

/**
 * Fetches the images of the configured servers before the start, with the progress on the terminal.
 * A failure is no reason not to start: MCPProxy pulls again when a server needs its image.
 * @param {NodeJS.ProcessEnv} env
 */
export async function prepareImages(env) {
  const result = await runCommand({
    command: "node",
    args: [proxyCommand, "images", "pull", "--build-from-host-if-unreachable"],
    cwd: repositoryRoot,
    env,
    output: "inherit",
    deadlineMs: pullDeadlineMs,
  });
  if (result.exitCode !== 0)
    console.log("  ! Not every image is there yet; the servers that need one say so and try again.");
}
