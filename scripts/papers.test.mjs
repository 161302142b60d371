import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appErrorCodes } from "../apps/proxy/src/app-error.ts";
import { verdictKinds } from "../packages/core/src/verdict/verdict.ts";
import { repositoryRoot } from "./workspace.mjs";

function read(file) {
  return readFileSync(join(repositoryRoot, file), "utf8");
}

test.each(Object.entries(appErrorCodes))("docs/errors.md explains %s with its HTTP status", (code, { httpStatus }) => {
  expect(read("docs/errors.md")).toMatch(new RegExp(`^\\| \`${code}\` +\\| ${httpStatus} `, "m"));
});

test.each(verdictKinds)("docs/verdicts.md explains %s", (kind) => {
  expect(read("docs/verdicts.md")).toContain(`| \`${kind}\` `);
});

test("ARCHITECTURE.md gives a reason for every runtime dependency", () => {
  const folders = ["apps/proxy", "apps/web", "packages/core", "packages/config-schema"];
  const names = folders.flatMap((folder) => Object.keys(JSON.parse(read(`${folder}/package.json`)).dependencies));
  const missing = names.filter((name) => !name.startsWith("@mcpproxy/") && !read("ARCHITECTURE.md").includes(name));
  expect(missing).toEqual([]);
});

test("the toolchain has the pnpm of packageManager, with integrity and without a registry's address", () => {
  const { packages } = JSON.parse(read("toolchain/package-lock.json"));
  const entries = Object.entries(packages).filter(([path]) => path !== "");
  expect(`pnpm@${packages["node_modules/pnpm"].version}`).toBe(JSON.parse(read("package.json")).packageManager);
  expect(entries.filter(([, entry]) => !entry.integrity || entry.resolved)).toEqual([]);
});
