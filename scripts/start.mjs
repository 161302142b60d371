import { ensureDocker } from "./docker.mjs";
import { ensureDependencies } from "./install.mjs";
import { prepareImages } from "./prepare-images.mjs";
import { runProduct } from "./run-product.mjs";
import { parseStartOptions, startUsage } from "./start-options.mjs";
import { commandStep, StepError } from "./step.mjs";
import { ensureToolchain } from "./toolchain.mjs";
import { turboCommand } from "./turbo.mjs";
import { repositoryRoot } from "./workspace.mjs";

const buildDeadlineMs = 20 * 60_000;

async function main() {
  const options = parseStartOptions(process.argv.slice(2));
  if (options.isHelp) return console.log(startUsage());
  const env = { ...(await ensureToolchain()), ...options.variables };
  await ensureDependencies(env);
  await commandStep({
    title: "Building",
    name: "build",
    ...turboCommand(["build"]),
    cwd: repositoryRoot,
    env,
    deadlineMs: buildDeadlineMs,
  });
  const hasTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const docker = await ensureDocker({ env, isAllowedToInstall: options.isYes, hasTerminal });
  if (docker.isReachable) await prepareImages(env);
  process.exitCode = await runProduct(env);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof StepError ? `\n${error.message}` : error);
  process.exitCode = 1;
}
