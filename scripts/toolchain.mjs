import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { commandStep, StepError } from "./step.mjs";
import { runCommand } from "./run-command.mjs";
import { repositoryRoot, toolchainFolder } from "./workspace.mjs";

const manifestFolder = join(repositoryRoot, "toolchain");
const stampFile = join(toolchainFolder, "stamp.json");
const packageFolder = join(toolchainFolder, "node_modules");
const nodeFile = process.platform === "win32" ? "node.exe" : "node";
const installDeadlineMs = 15 * 60_000;
const oldestUsableNode = [22, 18];

/** pnpm is run as `node pnpmFile …`, which needs no shell on any platform. */
export const pnpmFile = join(packageFolder, "pnpm", "bin", "pnpm.mjs");

/**
 * Makes sure of the pinned Node and pnpm and returns the environment for everything that is run with them.
 * Costs a few milliseconds when `.toolchain` is current.
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function ensureToolchain() {
  requireNode18();
  const wanted = describeWanted();
  if (!isCurrent(wanted)) await install(wanted);
  return toolEnvironment(wanted);
}

function requireNode18() {
  if (Number(process.versions.node.split(".")[0]) >= 18) return;
  throw new StepError(
    `MCPProxy needs Node 18 or newer to start; this is Node ${process.versions.node}. Install a newer one.`,
  );
}

function describeWanted() {
  const manifestText = readFileSync(join(manifestFolder, "package.json"), "utf8");
  const lockText = readFileSync(join(manifestFolder, "package-lock.json"), "utf8");
  const lock = JSON.parse(lockText);
  const nodePackage = Object.entries(lock.packages).find(
    ([, entry]) => entry.bin?.node && entry.os === process.platform && entry.cpu === process.arch,
  );
  const hash = createHash("sha256").update(manifestText).update(lockText).digest("hex");
  return {
    hash: `${hash}-${process.platform}-${process.arch}`,
    nodeVersion: nodePackage?.[1].version,
    // npm before 11 does not link the program of this package into node_modules/.bin.
    nodeFolder: nodePackage && join(toolchainFolder, nodePackage[0], "bin"),
  };
}

/** The running Node serves when it is the pinned one, or when the registry has none for this platform and it is new enough. */
function isRunningNodeEnough(nodeVersion) {
  if (nodeVersion !== undefined) return process.versions.node === nodeVersion;
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > oldestUsableNode[0] || (major === oldestUsableNode[0] && minor >= oldestUsableNode[1]);
}

function isCurrent(wanted) {
  if (!existsSync(stampFile)) return false;
  const stamp = JSON.parse(readFileSync(stampFile, "utf8"));
  if (stamp.hash !== wanted.hash || !existsSync(pnpmFile)) return false;
  return stamp.hasOwnNode ? existsSync(join(wanted.nodeFolder, nodeFile)) : isRunningNodeEnough(wanted.nodeVersion);
}

async function install(wanted) {
  const needsOwnNode = !isRunningNodeEnough(wanted.nodeVersion);
  if (needsOwnNode && wanted.nodeVersion === undefined) throw new StepError(noNodeForPlatform());
  mkdirSync(toolchainFolder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    copyFileSync(join(manifestFolder, file), join(toolchainFolder, file));
  const npm = npmCommand();
  const options = ["--prefix", toolchainFolder, "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
  await commandStep({
    title: needsOwnNode
      ? `Getting Node ${wanted.nodeVersion} and pnpm into .toolchain`
      : "Getting pnpm into .toolchain",
    name: "toolchain",
    command: npm.command,
    args: [...npm.args, "ci", ...options, ...(needsOwnNode ? [] : ["--omit=optional"])],
    cwd: toolchainFolder,
    env: cleanNpmEnvironment(process.env),
    deadlineMs: installDeadlineMs,
  });
  if (needsOwnNode) await proveNodeRuns(wanted);
  writeFileSync(stampFile, JSON.stringify({ hash: wanted.hash, hasOwnNode: needsOwnNode }));
}

/** npm tells its scripts where it runs; a second npm inside would believe that it runs there too. */
function cleanNpmEnvironment(environment) {
  const isOfOuterRun = (name) => /^npm_(package|lifecycle|command|config_local_prefix|config_prefix)/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOfOuterRun(name)));
}

function npmCommand() {
  const outerNpm = process.env.npm_execpath;
  if (outerNpm && outerNpm.endsWith("npm-cli.js")) return { command: process.execPath, args: [outerNpm] };
  const besideNode = join(dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
  if (existsSync(besideNode)) return { command: process.execPath, args: [besideNode] };
  return { command: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}

async function proveNodeRuns({ nodeFolder }) {
  const file = join(nodeFolder, nodeFile);
  const result = await runCommand({ command: file, args: ["--version"], deadlineMs: 30_000 });
  if (result.exitCode === 0) return;
  throw new StepError(`${file} does not run here: ${result.text.trim()}\n${noNodeForPlatform()}`);
}

function noNodeForPlatform() {
  const version = oldestUsableNode.join(".");
  return `There is no ready-made Node for ${process.platform}-${process.arch}. Install Node ${version} or newer yourself and run the command again with it.`;
}

function toolEnvironment({ nodeFolder }) {
  const environment = cleanNpmEnvironment(process.env);
  const pathName = Object.keys(environment).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  environment[pathName] = [
    ...(nodeFolder && existsSync(nodeFolder) ? [nodeFolder] : []),
    join(packageFolder, ".bin"),
    dirname(process.execPath),
    environment[pathName] ?? "",
  ].join(delimiter);
  return {
    ...environment,
    MCPPROXY_HOST_NODE: environment.MCPPROXY_HOST_NODE || hostNode(environment[pathName]),
    NEXT_TELEMETRY_DISABLED: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
  };
}

/** The user's own Node: images built from the host copy it, not the pinned one. */
function hostNode(path) {
  const isOurs = (file) => file.startsWith(toolchainFolder + sep);
  if (!isOurs(process.execPath)) return process.execPath;
  const candidates = path.split(delimiter).map((folder) => join(folder, nodeFile));
  return candidates.find((file) => !isOurs(file) && existsSync(file)) ?? process.execPath;
}
