import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import { afterAll, beforeAll, expect, it } from "vitest";
import { planServers, secretsOf, type PlanningFacts } from "./plan-servers.ts";

let folder = "";
let facts: PlanningFacts;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcpproxy-plans-")));
  mkdirSync(join(folder, "home", ".ssh"), { recursive: true });
  mkdirSync(join(folder, "data"));
  symlinkSync(join(folder, "home", ".ssh"), join(folder, "innocent"));
  symlinkSync(join(folder, "home"), join(folder, "home-by-link"));
  facts = {
    host: { platform: "linux", homeDirectory: join(folder, "home-by-link") },
    references: { variable: (name) => (name === "TOKEN" ? "hunter22" : undefined), homeDirectory: folder },
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

function specOf(entry: object, settings: object = {}) {
  const text = JSON.stringify({ ...settings, mcpServers: { a: { command: "npx", args: ["x"], ...entry } } });
  const [spec] = planServers(parseConfig(text, "config.json"), facts);
  if (spec === undefined) throw new Error("no server");
  return spec;
}

it("plans with references resolved, and describes the settings", () => {
  const spec = specOf({ env: { A: "${env:TOKEN}" }, isolation: { keep_exited: 3 } });
  expect(spec).toMatchObject({
    name: "a",
    isEnabled: true,
    keepExited: 3,
    plan: {
      kind: "isolated",
      plan: { env: expect.arrayContaining([{ name: "A", value: "hunter22", isSecret: true }]) },
    },
  });
  expect(spec.settings.find(({ key }) => key === "keep_exited")).toMatchObject({ server: "3", source: "server" });
  expect(JSON.stringify(spec.settings)).not.toContain("hunter22");
});

it("looks at the paths of this machine: what is missing, what a link hides, what the container cannot see", () => {
  const volumes = (path: string) => ({ isolation: { volumes: [`${join(folder, path)}:/c`] } });
  expect(specOf(volumes("gone")).plan).toMatchObject({ refusal: { code: "mount_missing" } });
  expect(specOf(volumes("innocent")).plan).toMatchObject({ refusal: { code: "mount_dangerous" } });
  expect(specOf(volumes("home/.ssh")).plan).toMatchObject({ refusal: { code: "mount_dangerous" } });
  expect(specOf(volumes("data")).plan).toMatchObject({ kind: "isolated" });
  const data = join(folder, "data");
  expect(specOf({ args: ["x", data] }).plan).toMatchObject({
    findings: [{ code: "invisible_path", fix: { key: "volumes", value: `${data}:${data}` } }],
  });
});

it.each([
  ["a secret that is missing", { env: { A: "${env:NONE}" } }, {}, "secret_unresolved"],
  ["a disabled server, whatever else is wrong", { enabled: false, env: { A: "${env:NONE}" } }, {}, "server_disabled"],
  ["a wrong value", { isolation: { memory_limit: "x" } }, {}, "config_invalid"],
  ["wrong global settings", {}, { docker_isolation: { memory_limit: "x" } }, "config_invalid"],
  [
    "isolation that is asked for and off",
    { isolation: { enabled: true } },
    { docker_isolation: { enabled: false } },
    "docker_isolation_off",
  ],
])("refuses %s", (...[, entry, settings, code]) => {
  expect(specOf(entry, settings).plan).toMatchObject({ kind: "refused", refusal: { code } });
});

it("says where a wrong value stands and what to write", () => {
  expect(specOf({ isolation: { memory_limit: "x" } }).plan).toMatchObject({
    refusal: {
      message: expect.stringMatching(/^config\.json:1:\d+ mcpServers\.a\.isolation\.memory_limit: /),
      remedy: expect.stringContaining('"512m"'),
    },
  });
});

it("counts as secrets what references stand for, also where a server cannot start", () => {
  const text = JSON.stringify({
    mcpServers: {
      a: { command: "npx", env: { A: "Bearer ${env:TOKEN}" } },
      b: { command: "npx", args: ["${env:X}"], env: { B: "swordfish" } },
      c: { command: "docker", args: ["run", "-i", "-e", "C=plaintext", "x"] },
      d: { command: 7, env: { D: "unparsed" } },
    },
  });
  const secrets = secretsOf(parseConfig(text, "x"), facts.references);
  expect(secrets).toEqual(expect.arrayContaining(["Bearer hunter22", "hunter22", "swordfish", "plaintext"]));
});
