import { describe, expect, it } from "vitest";
import { configValueAt } from "@mcpproxy/config-schema/edit-config";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { readEnvironment } from "../environment.ts";
import { planImport, type ImportItem } from "./plan-import.ts";
import { readClientEntries } from "./read-client-file.ts";

const environment = readEnvironment({ HOME: "/home/me", GITHUB_TOKEN: "ghp-of-this-machine" });
const program = {
  listen: { host: "127.0.0.1", port: 8080 },
  nodePath: "/node",
  scriptPath: "/opt/mcpproxy.mjs",
  pathArguments: [],
};

function importFrom(
  clientFile: unknown,
  { config = '{ "mcpServers": [] }', projectFolder = null as string | null, hasBareNames = false } = {},
) {
  const text = typeof clientFile === "string" ? clientFile : JSON.stringify(clientFile);
  return planImport({
    found: readClientEntries(text, { file: "/client.json", projectFolder }),
    config: { file: "mcp_config.json", text: config },
    facts: gatherPlanningFacts(environment, "linux"),
    program,
    homeDirectory: "/home/me",
    hasBareNames,
  });
}

function only(items: readonly ImportItem[]): ImportItem {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`${items.length} items`);
  return item;
}

const memory = { command: "npx", args: ["-y", "@modelcontextprotocol/server-memory"] };

describe("formats", () => {
  it.each([
    ["Claude Desktop, Cursor and Windsurf", { mcpServers: { memory } }],
    [
      "Claude Code, for all projects",
      { numStartups: 3, mcpServers: { memory: { type: "stdio", ...memory, env: {} } } },
    ],
    ["Claude Code, for one project", { projects: { "/work": { mcpServers: { memory } }, "/other": {} } }],
    [
      "VS Code",
      '{ // comment\n "inputs": [], "servers": { "memory": { "type": "stdio", "command": "npx", "args": ["-y", "@modelcontextprotocol/server-memory"], } } }',
    ],
    ["VS Code's settings", { "editor.tabSize": 2, mcp: { servers: { memory } } }],
    ["a list with names", { mcpServers: [{ name: "memory", ...memory }] }],
  ])("%s", (_, clientFile) => {
    const { items, text } = importFrom(clientFile);
    expect(only(items)).toMatchObject({
      kind: "new",
      name: "memory",
      plan: { kind: "isolated", runtime: "npx", image: "node:20" },
    });
    expect(configValueAt(text, ["mcpServers"])).toEqual([{ name: "memory", ...memory }]);
  });

  it("an empty file has no servers, a broken one says where", () => {
    expect(importFrom(" ").items).toEqual([]);
    expect(() => importFrom('{\n "mcpServers": {')).toThrow(/^\/client\.json:2:\d+ cannot be read: A closing/);
  });
});

describe("what happens", () => {
  it("adds to a map as to a list, and keeps comments", () => {
    const config = '{\n  // mine\n  "mcpServers": {\n    "a": { "command": "npx" } // first\n  }\n}\n';
    const { text } = importFrom({ mcpServers: { memory } }, { config });
    expect(text).toBe(
      config.replace(
        " // first\n",
        ', // first\n    "memory": {\n      "command": "npx",\n      "args": ["-y", "@modelcontextprotocol/server-memory"]\n    }\n',
      ),
    );
  });

  it("finds what is there already, also under the name it got before, and tells only names of variables", () => {
    const config = JSON.stringify({
      mcpServers: [
        { name: "memory", command: "uvx", args: ["other"] },
        { name: "memory-2", ...memory, env: { A: "here" } },
      ],
    });
    const { items, text } = importFrom({ mcpServers: { memory: { ...memory, env: { A: "there" } } } }, { config });
    expect(only(items)).toMatchObject({ kind: "same", name: "memory-2" });
    expect(JSON.stringify(only(items))).toContain("(A)");
    expect(text).toBe(config);
  });

  it("gives a server another name when its own is taken by a different one", () => {
    const { items } = importFrom(
      { mcpServers: { Memory: memory } },
      { config: '{"mcpServers":{"memory":{"command":"uvx"}}}' },
    );
    expect(only(items)).toMatchObject({ kind: "new", name: "Memory-2" });
  });

  it("makes names that can be used, each once", () => {
    const { items } = importFrom({
      mcpServers: { "My Files!": memory, "My Files?": { command: "uvx" }, "..": { command: "uvx", args: ["x"] } },
    });
    expect(items).toMatchObject([{ name: "My-Files" }, { name: "My-Files-2" }, { name: "server" }]);
  });

  it.each([
    ["Streamable HTTP", { type: "http", url: "https://example.com/mcp" }, { url: "https://example.com/mcp" }],
    ["Windsurf's", { serverUrl: "https://example.com/sse" }, { url: "https://example.com/sse", type: "sse" }],
    [
      "a header that the client asks for",
      { url: "https://example.com/", headers: { Authorization: "Bearer ${input:api-key}", "X-A": "${env:A}" } },
      { url: "https://example.com/", headers: { Authorization: "Bearer ${env:API_KEY}", "X-A": "${env:A}" } },
    ],
  ])("takes over remote servers: %s", (_, entry, written) => {
    const { items, text } = importFrom({ mcpServers: { far: entry } });
    expect(only(items)).toMatchObject({ kind: "new", name: "far" });
    expect(JSON.parse(text)).toEqual({ mcpServers: [{ name: "far", ...written }] });
    const again = importFrom({ mcpServers: { far: entry } }, { config: text });
    expect(only(again.items)).toMatchObject({ kind: "same" });
  });

  it.each([
    ["remote by type alone", { type: "http" }, /no command/],
    ["WebSocket", { url: "wss://example.com/mcp" }, /WebSocket/],
    ["a remote server without TLS", { url: "http://example.com/mcp" }, /must begin with https/],
    ["a remote server whose address only the client knows", { url: "https://${workspaceFolder}/" }, /workspaceFolder/],
    ["MCPProxy over HTTP", { url: "http://localhost:8080/mcp/memory" }, /^It is MCPProxy itself/],
    ["MCPProxy as a command", { command: "/n", args: ["/x/bin/mcpproxy.mjs", "stdio", "a"] }, /^It is MCPProxy itself/],
    ["no command", {}, /no command/],
    ["no entry", 5, /not one of a server/],
    [
      "a folder only the client knows",
      { command: "npx", args: ["${workspaceFolder}"] },
      /\$\{workspaceFolder\}, which only/,
    ],
    ["an entry that the config refuses", { command: "npx", env: { "A B": "x" } }, /variable/],
  ])("skips: %s", (_, entry, reason) => {
    const { items, text } = importFrom({ mcpServers: { a: entry } });
    const item = only(items);
    expect(item.kind === "skipped" ? item.reason : item.kind).toMatch(reason);
    expect(JSON.stringify(item.kind === "skipped" ? item.reason : "")).not.toContain("secret");
    expect(configValueAt(text, ["mcpServers"])).toEqual([]);
  });

  it("says when a server would be refused, or run on the host", () => {
    const { items } = importFrom({
      mcpServers: { a: { command: "/opt/mine" }, b: { command: "docker", args: ["run", "-i", "--rm", "x"] } },
    });
    expect(items[0]).toMatchObject({ plan: { kind: "refused", code: "runtime_unknown" } });
    expect(items[1]).toMatchObject({ plan: { kind: "direct" } });
  });

  it("keeps a server disabled, and its folder", () => {
    const { text } = importFrom({ mcpServers: { a: { ...memory, disabled: true, cwd: "/data", alwaysAllow: ["x"] } } });
    expect(configValueAt(text, ["mcpServers", 0])).toEqual({ name: "a", ...memory, cwd: "/data", disabled: true });
  });
});

describe("references", () => {
  function envOf(
    env: Record<string, string | number>,
    options: { hasBareNames?: boolean; projectFolder?: string } = {},
  ) {
    const { items, text } = importFrom({ mcpServers: { a: { ...memory, env } } }, options);
    const item = only(items);
    return { env: configValueAt(text, ["mcpServers", 0, "env"]), warnings: item.kind === "new" ? item.warnings : [] };
  }

  it("carries ${env:NAME} over as it is", () => {
    expect(envOf({ T: "${env:GITHUB_TOKEN}", P: 8080 })).toEqual({
      env: { T: "${env:GITHUB_TOKEN}", P: "8080" },
      warnings: [],
    });
  });

  it("turns an input of VS Code into a variable, and says how to fill it", () => {
    const { env, warnings } = envOf({ API_KEY: "${input:api-key}" });
    expect(env).toEqual({ API_KEY: "${env:API_KEY}" });
    expect(warnings.join()).toMatch(/asks for "api-key" \(env API_KEY\).*set API_KEY in the environment/);
  });

  it("turns Claude Code's ${NAME} into ${env:NAME}, and leaves it alone elsewhere", () => {
    const { env, warnings } = envOf({ T: "Bearer ${GITHUB_TOKEN:-none}" }, { hasBareNames: true });
    expect(env).toEqual({ T: "Bearer ${env:GITHUB_TOKEN}" });
    expect(warnings.join()).toContain("The default of GITHUB_TOKEN");
    const { items } = importFrom({ mcpServers: { a: { ...memory, env: { T: "${GITHUB_TOKEN}" } } } });
    expect(only(items).kind).toBe("skipped");
  });

  it("fills in the folders it knows", () => {
    const { env } = envOf(
      { A: "${userHome}${/}x", B: "${workspaceFolder}/y", C: "${workspaceFolderBasename}" },
      { projectFolder: "/work/shop" },
    );
    expect(env).toEqual({ A: "/home/me/x", B: "/work/shop/y", C: "shop" });
  });

  it("warns of references in arguments, of envFile and of a relative folder", () => {
    const entry = { command: "npx", args: ["--key", "${env:KEY}", "${input:who}"], envFile: ".env", cwd: "sub" };
    const item = only(importFrom({ servers: { a: entry } }).items);
    const warnings = item.kind === "new" ? item.warnings.join("\n") : "";
    expect(warnings).toContain("${env:KEY}, ${env:WHO}");
    expect(warnings).toContain("envFile .env is not read");
    expect(warnings).toContain("cwd sub is not absolute");
    expect(item).toMatchObject({ plan: { kind: "refused" } });
  });
});
