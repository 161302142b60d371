import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandStep } from "./step.mjs";
import { pnpmFile } from "./toolchain.mjs";
import { repositoryRoot } from "./workspace.mjs";

// Inside node_modules, so that removing that folder also removes the claim that it is current.
const stampFile = join(repositoryRoot, "node_modules", ".mcpproxy-install");
const installDeadlineMs = 20 * 60_000;

/**
 * Runs `pnpm install --frozen-lockfile` when a manifest or the lockfile changed since the last success.
 * @param {NodeJS.ProcessEnv} env
 */
export async function ensureDependencies(env) {
  const hash = hashManifests();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash) return;
  rmSync(stampFile, { force: true });
  await commandStep({
    title: "Installing dependencies",
    name: "install",
    command: "node",
    args: [pnpmFile, "install", "--frozen-lockfile", "--prefer-offline"],
    cwd: repositoryRoot,
    // Without CI, pnpm asks before it replaces a node_modules folder that another version made.
    env: { ...env, CI: "true" },
    deadlineMs: installDeadlineMs,
  });
  writeFileSync(stampFile, hash);
}

function hashManifests() {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifestFiles()]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(repositoryRoot, file)));
  }
  return hash.digest("hex");
}

function manifestFiles() {
  const folders = ["apps", "packages"].flatMap((parent) =>
    readdirSync(join(repositoryRoot, parent)).map((name) => join(parent, name)),
  );
  const files = [".", "e2e", ...folders].map((folder) => join(folder, "package.json"));
  return files.filter((file) => existsSync(join(repositoryRoot, file))).sort();
}
