import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./workspace.mjs";

const parents = ["packages", "apps"];
const skippedFolders = new Set(["node_modules", "dist", ".next", "generated"]);

/**
 * The packages with unit tests, in the order they build on each other.
 * @returns {readonly { name: string, folder: string, hasDockerTests: boolean, scripts: Record<string, string> }[]}
 */
export function listTestPackages() {
  const folders = parents.flatMap((parent) =>
    readdirSync(join(repositoryRoot, parent)).map((name) => join(parent, name)),
  );
  return folders.map(describePackage).filter(({ scripts }) => scripts.test !== undefined);
}

function describePackage(folder) {
  const path = join(repositoryRoot, folder);
  const { name, scripts = {} } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  return { name, folder: path, scripts, hasDockerTests: hasDockerTest(path) };
}

function hasDockerTest(folder) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? !skippedFolders.has(entry.name) && hasDockerTest(join(folder, entry.name))
      : /\.docker\.test\.tsx?$/.test(entry.name),
  );
}
