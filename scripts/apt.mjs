import { findProgram } from "./find-program.mjs";
import { runCommand } from "./run-command.mjs";
import { commandStep } from "./step.mjs";
import { repositoryRoot } from "./workspace.mjs";

const updateDeadlineMs = 3 * 60_000;
const installDeadlineMs = 15 * 60_000;
const lockWait = "DPkg::Lock::Timeout=120";

export function hasApt() {
  return process.platform === "linux" && findProgram("apt-get") !== undefined;
}

export function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * Installs Debian packages; as root, or through sudo (which may ask for a password on the terminal).
 * @param {readonly string[]} packages
 */
export async function installPackages(packages) {
  if (!isRoot())
    await runCommand({ command: "sudo", args: ["-v"], output: "inherit", input: "inherit", deadlineMs: 120_000 });
  await aptStep({
    title: "Updating Debian's package list",
    name: "apt-update",
    args: ["update"],
    deadlineMs: updateDeadlineMs,
  });
  await aptStep({
    title: `Installing ${packages.join(", ")}`,
    name: "apt-install",
    args: ["install", "-y", "--no-install-recommends", ...packages],
    deadlineMs: installDeadlineMs,
  });
}

function aptStep({ title, name, args, deadlineMs }) {
  const command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", lockWait, ...args];
  const [program, ...rest] = isRoot() ? command : ["sudo", "-n", ...command];
  return commandStep({ title, name, command: program, args: rest, cwd: repositoryRoot, env: process.env, deadlineMs });
}

/**
 * Whether Debian's package list knows this package.
 * @param {string} name
 */
export async function isPackageKnown(name) {
  const result = await runCommand({ command: "apt-cache", args: ["show", name], deadlineMs: 30_000 });
  return result.exitCode === 0 && result.text.includes("Package:");
}
