import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appErrorCodes } from "../apps/proxy/src/app-error.ts";
import {
  dockerIsolationObject,
  namedServerObject,
  serverIsolationObject,
  settingsObject,
} from "../packages/config-schema/src/raw-config.ts";
import { findingCodes } from "../packages/core/src/plan/finding.ts";
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

const rpcCodes = [...read("apps/proxy/src/bridge/rpc-error.ts").matchAll(/^ {2}(\w+): (-32\d{3}),$/gm)];
test("the JSON-RPC codes are found in the source", () => expect(rpcCodes.length).toBeGreaterThan(0));
test.each(rpcCodes)("docs/errors.md explains %s", (_line, name, code) => {
  expect(read("docs/errors.md")).toMatch(new RegExp(`^\\| ${code} +\\| \`${name}\` `, "m"));
});

const refusalType = /type RefusalCode =([^;]+);/.exec(read("packages/core/src/plan/isolation-plan.ts"))?.[1] ?? "";
const refusalCodes = [...refusalType.matchAll(/"(\w+)"/g)].map(([, code]) => code);
test("the codes of refusals are found in the source", () => expect(refusalCodes.length).toBeGreaterThan(0));
test.each(refusalCodes)("docs/errors.md explains the refusal %s", (code) => {
  expect(read("docs/errors.md")).toContain(`| \`${code}\` `);
});

const isolationKeys = new Set([
  ...Object.keys(dockerIsolationObject.shape),
  ...Object.keys(serverIsolationObject.shape),
]);
test.each([...Object.keys(settingsObject.shape), ...Object.keys(namedServerObject.shape), ...isolationKeys])(
  "docs/guide.md explains the config key %s",
  (key) => expect(read("docs/guide.md")).toMatch(new RegExp(`^\\| .*\`${key.replace("$", "\\$")}\`.* \\|`, "m")),
);

const commandFiles = readdirSync(join(repositoryRoot, "apps/proxy/src/cli")).filter((file) =>
  file.endsWith("-command.ts"),
);
test.each(commandFiles)("docs/guide.md has the commands of %s", (file) => {
  const names = [...read(`apps/proxy/src/cli/${file}`).matchAll(/program\.command\("([a-z-]+)/g)].map(
    ([, name]) => name,
  );
  expect(names.filter((name) => !new RegExp(`^\\| \`${name}[ \`]`, "m").test(read("docs/guide.md")))).toEqual([]);
});

const restFolder = "apps/proxy/src/api/rest";
const restSources = readdirSync(join(repositoryRoot, restFolder)).filter((file) => !file.includes(".test."));
const restRoutes = restSources.flatMap((file) => {
  // run-routes.ts holds what stands below /runs.
  const topic = /^(\w+)-routes\.ts$/.exec(file)?.[1];
  const prefix = topic === undefined ? "" : `/${topic}s`;
  const found = [...read(`${restFolder}/${file}`).matchAll(/\.(get|post|patch|delete)\("(\/[^"]*)"/g)];
  return found.map(([, method, path]) => [method, `${prefix}${path}`.replace(/(?<=.)\/$/, "")]);
});
/** The dashboard's own server redeems its links there. */
const internalRoutes = new Set(["/browser-sessions"]);
test("the routes of the REST API are found in the source", () => expect(restRoutes.length).toBeGreaterThan(20));
test.each(restRoutes.filter(([, path]) => !internalRoutes.has(path)))("docs/api.md has %s %s", (method, path) => {
  const actions = /:action\{(.+)\}/.exec(path)?.[1]?.split("|") ?? [""];
  for (const action of actions) {
    const shown = path
      .replace(/:action\{.+\}/, action)
      .replace(/:(?:name|server)/, "NAME")
      .replace(/:id(?:\{[^}]+\})?/, "ID");
    expect(read("docs/api.md")).toMatch(new RegExp(`\`${method.toUpperCase()} ${shown}[?\`]`));
  }
});

test.each(findingCodes)("docs/errors.md explains the finding %s", (code) => {
  expect(read("docs/errors.md")).toContain(`| \`${code}\` `);
});

const coverage = read("docs/guide-coverage.md");
const proofs = [...coverage.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+\.ts)\)/g)];
test("docs/guide-coverage.md names a test in every row", () => {
  const rows = coverage.split("\n").filter((line) => /^\| (?!-|statement)/.test(line));
  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter((row) => !/\]\(\.\.\/[^)]+\.ts\)/.test(row))).toEqual([]);
});
test.each([...new Set(proofs.map(([, title, file]) => `${file} › ${title}`))])(
  "a test of the guide's coverage is there: %s",
  (proof) => {
    const [file = "", title = ""] = proof.split(" › ");
    expect(read(file)).toContain(title);
  },
);
