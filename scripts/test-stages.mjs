import { join } from "node:path";
import { listTestPackages } from "./test-packages.mjs";
import { pnpmFile } from "./toolchain.mjs";
import { turboCommand } from "./turbo.mjs";
import { repositoryRoot, toolchainFolder } from "./workspace.mjs";

const reportFolder = join(toolchainFolder, "reports");
const minuteMs = 60_000;

/**
 * The stages of `npm test` in order. A stage has one or more commands; each may write a machine-readable report.
 * @typedef {{ command: string, args: readonly string[], cwd: string, env?: Record<string, string>, reportFile?: string,
 *   deadlineMs: number }} StageCommand
 * @typedef {{ name: string, title: string, needs?: "docker" | "browser", isPrerequisite?: boolean,
 *   commands: () => readonly StageCommand[] }} Stage
 * @type {readonly Stage[]}
 */
export const stages = [
  { name: "format", title: "Format", commands: () => [pnpm({ args: ["exec", "oxfmt", "--check", "."] })] },
  { name: "build", title: "Build", isPrerequisite: true, commands: () => [turbo("build")] },
  { name: "lint", title: "Lint", commands: () => [pnpm({ args: ["run", "lint"] })] },
  { name: "typecheck", title: "Types", commands: () => [turbo("typecheck")] },
  { name: "unit", title: "Unit tests", commands: () => [scriptTests(), ...listTestPackages().map(unitTests)] },
  {
    name: "docker",
    title: "Docker integration tests",
    needs: "docker",
    commands: () =>
      listTestPackages()
        .filter(({ hasDockerTests }) => hasDockerTests)
        .map(dockerTests),
  },
  { name: "torture", title: "Torture tests of the bridge", needs: "docker", commands: () => [tortureTests()] },
  { name: "e2e", title: "End-to-end tests", needs: "browser", commands: () => [endToEndTests()] },
];

function turbo(task) {
  return { ...turboCommand([task]), cwd: repositoryRoot, deadlineMs: 10 * minuteMs };
}

function pnpm({ args, folder = repositoryRoot, ...rest }) {
  return { command: "node", args: [pnpmFile, ...args], cwd: folder, deadlineMs: 10 * minuteMs, ...rest };
}

function scriptTests() {
  const reportFile = join(reportFolder, "unit-scripts.json");
  const args = ["exec", "vitest", "run", "--root", "scripts", ...reporters(reportFile)];
  return pnpm({ args, reportFile });
}

function unitTests({ name, folder }) {
  const reportFile = join(reportFolder, `unit-${fileName(name)}.json`);
  return pnpm({ folder, args: ["run", "test", "--exclude=**/*.docker.test.*", ...reporters(reportFile)], reportFile });
}

function dockerTests({ name, folder, scripts }) {
  const reportFile = join(reportFolder, `docker-${fileName(name)}.json`);
  const command = scripts["test:docker"] ? ["run", "test:docker"] : ["run", "test", ".docker.test."];
  return pnpm({ folder, args: [...command, ...reporters(reportFile)], reportFile, deadlineMs: 25 * minuteMs });
}

function endToEndTests() {
  return playwright({ script: "test:e2e", reportName: "e2e.json" });
}

function tortureTests() {
  return playwright({ script: "torture", reportName: "torture.json" });
}

function playwright({ script, reportName }) {
  const reportFile = join(reportFolder, reportName);
  return pnpm({
    folder: join(repositoryRoot, "e2e"),
    args: ["run", script, "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile, PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile },
    reportFile,
    deadlineMs: 20 * minuteMs,
  });
}

function reporters(reportFile) {
  return ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
}

function fileName(packageName) {
  return packageName.replace("@mcpproxy/", "");
}
