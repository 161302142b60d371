import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerConfig } from "@mcpproxy/config-schema/config";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveReferences, secretsOfServer, type ReferenceSources } from "./resolve-references.ts";

const secret = "hunter22-very-secret";
let folder = "";
let sources: ReferenceSources;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mcpproxy-references-"));
  sources = { variable: (name) => ({ TOKEN: secret, EMPTY: "" })[name], homeDirectory: folder };
  const files: Readonly<Record<string, string>> = {
    plain: secret,
    newline: `${secret}\n`,
    "newline of Windows": `${secret}\r\n`,
    "two newlines": `${secret}\n\n`,
    lines: `a\n${secret}\nb\n`,
    empty: "",
    largest: "x".repeat(64 * 1024),
    large: `${secret}${"x".repeat(64 * 1024)}`,
    nul: `${secret}\0`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, "directory"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function serverWith(entry: object): ServerConfig {
  const [parsed] = parseConfig(JSON.stringify({ mcpServers: { a: { command: "npx", ...entry } } }), "x").servers;
  if (parsed?.ok !== true) throw new Error(`The test's own config is wrong: ${JSON.stringify(parsed)}`);
  return parsed.server;
}

/** "@/" stands for the folder with the files. */
function resolve(value: string) {
  return resolveReferences(serverWith({ env: { A: value.replaceAll("@/", `${folder}/`) } }), sources);
}

describe("a reference in env is replaced", () => {
  it.each([
    ["${env:TOKEN}", secret],
    ["Bearer ${env:TOKEN}", `Bearer ${secret}`],
    ["${env:TOKEN}${env:TOKEN}", `${secret}${secret}`],
    ["${env:EMPTY}", ""],
    ["${file:@/plain}", secret],
    ["${file:@/newline}", secret],
    ["${file:@/newline of Windows}", secret],
    ["${file:@/two newlines}", `${secret}\n`],
    ["${file:@/lines}", `a\n${secret}\nb`],
    ["${file:@/empty}", ""],
    ["${file:~/newline}", secret],
    ["${file:@/largest}", "x".repeat(64 * 1024)],
    ["${env:TOKEN}-${file:@/plain}", `${secret}-${secret}`],
  ])("%s", (value, expected) => {
    expect(resolve(value)).toMatchObject({ ok: true, server: { env: { A: expected } } });
  });

  it.each([["plain"], ["$TOKEN"], ["${TOKEN}"], ["${input:x}"], ["$${other}"], ["{env:TOKEN}"], ["$&"]])(
    "and %s is left as it is",
    (value) => {
      expect(resolve(value)).toMatchObject({ ok: true, server: { env: { A: value } } });
    },
  );

  it("and what a secret holds is no reference itself", () => {
    const variable = (name: string) => (name === "OUTER" ? "${env:INNER} $& $1" : "inner");
    const resolved = resolveReferences(serverWith({ env: { A: "${env:OUTER}" } }), { ...sources, variable });
    expect(resolved).toMatchObject({ ok: true, server: { env: { A: "${env:INNER} $& $1" } } });
  });
});

describe("a reference that leads nowhere refuses the server", () => {
  it.each([
    ["${env:MISSING}", "the variable MISSING is not set in the environment of MCPProxy."],
    ["${env:}", "${env:} names nothing."],
    ["${file:}", "${file:} names nothing."],
    ["${file:relative}", "the path relative is not absolute."],
    ["${file:@/none}", "the file @/none cannot be read (ENOENT)."],
    ["${file:@/plain/below}", "the file @/plain/below cannot be read (ENOTDIR)."],
    ["${file:@/directory}", "@/directory is not a file."],
    ["${file:@/pipe}", "@/pipe is not a file."],
    ["${file:/dev/zero}", "/dev/zero is not a file."],
    ["${file:@/large}", "the file @/large is larger than 64 KiB."],
    ["${file:@/nul}", "the file @/nul holds a NUL character, which no variable can."],
    ["${env:TOKEN} ${env:MISSING}", "the variable MISSING is not set in the environment of MCPProxy."],
  ])("%s: %s", (value, message) => {
    const resolved = resolve(value);
    expect(resolved).toMatchObject({
      ok: false,
      refusal: {
        code: "secret_unresolved",
        message: `The server "a" does not start: env.A: ${message.replaceAll("@/", `${folder}/`)}`,
        remedy: expect.stringMatching(/\.$/),
      },
    });
    expect(JSON.stringify(resolved)).not.toContain(secret);
  });
});

it.each([
  [{ args: ["--token", "${env:TOKEN}"] }],
  [{ args: ["--token=${file:/x}"] }],
  [{ command: "${env:TOKEN}" }],
  [{ command: "docker", args: ["run", "-i", "-e", "TOKEN=${env:TOKEN}", "x"] }],
])("refuses a secret in %j, where everyone can read it", (entry) => {
  const resolved = resolveReferences(serverWith(entry), sources);
  expect(resolved).toMatchObject({
    ok: false,
    refusal: {
      code: "secret_unresolved",
      message: expect.stringContaining("into the arguments"),
      remedy: "Give it to the server as a variable in env.",
    },
  });
  expect(JSON.stringify(resolved)).not.toContain(secret);
});

it("counts values, and what each reference in them stands for, as secrets", () => {
  const server = serverWith({ env: { A: "Bearer ${env:TOKEN}", B: "own", C: "${env:TOKEN}-${env:MISSING}" } });
  const secrets = secretsOfServer(server, sources);
  expect(secrets).toEqual(expect.arrayContaining([`Bearer ${secret}`, secret, "own"]));
  expect(secretsOfServer(serverWith({ env: { C: "${env:TOKEN}-${env:MISSING}" } }), sources)).toContain(secret);
});
