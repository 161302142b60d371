import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { homeEnvironment, runCommand, type CommandOutcome } from "../harness/command-line.ts";
import { temporaryHome, type TemporaryHome } from "../harness/temporary-home.ts";

const secret = "a-secret-of-the-team";
const cursorText = JSON.stringify(
  {
    mcpServers: {
      memory: { command: "npx", args: ["-y", "@modelcontextprotocol/server-memory"], env: { API_KEY: secret } },
      remote: { url: "https://example.com/mcp" },
    },
  },
  null,
  2,
);
/** With the odd layout of a file that a program and a person wrote in turns. */
const claudeText = `{\n  "numStartups": 7,\n  "mcpServers": {\n    "memory": {"command":"npx", "args":["-y","@modelcontextprotocol/server-memory"]},\n    "own": { "command": "own-server" }\n  },\n  "projects": {}\n}`;

let home: TemporaryHome;
let claudePath: string;

test.beforeAll(async () => {
  home = await temporaryHome();
  claudePath = join(home.directory, ".claude.json");
  await mkdir(join(home.directory, ".cursor"));
  await writeFile(join(home.directory, ".cursor/mcp.json"), cursorText);
  await writeFile(claudePath, claudeText, { mode: 0o600 });
});

test.afterAll(async () => home?.remove());

async function mcpproxy(...args: readonly string[]): Promise<CommandOutcome> {
  const environment = { ...homeEnvironment(home), CLAUDE_CONFIG_DIR: "", XDG_CONFIG_HOME: "" };
  const outcome = await runCommand(args, environment);
  expect(outcome.output).not.toContain(secret);
  return outcome;
}

test("servers move from Cursor into MCPProxy, Claude Code uses them there, and undo gives back its file", async () => {
  const preview = await mcpproxy("import", "cursor");
  expect(preview.exitCode, preview.output).toBe(0);
  expect(preview.output).toMatch(/memory +npx .* new: npx in node:20/);
  expect(preview.output).toMatch(/remote +https:\/\/example.com\/mcp .* new: remote, not isolated by MCPProxy/);
  await expect(readFile(home.configPath)).rejects.toThrow(/ENOENT/);

  const written = await mcpproxy("import", "cursor", "--write");
  expect(written.exitCode, written.output).toBe(0);
  expect((await stat(home.configPath)).mode & 0o777).toBe(0o600);
  const validation = await mcpproxy("validate");
  expect(validation.output).toMatch(/is good: 2 servers/);
  const again = await mcpproxy("import", "cursor", "--write", "--json");
  expect(JSON.parse(again.stdout)).toMatchObject({
    written: false,
    servers: [{ action: "same" }, { action: "same" }],
  });

  const connected = await mcpproxy("connect", "claude-code", "--write");
  expect(connected.exitCode, connected.output).toBe(0);
  const { mcpServers } = JSON.parse(await readFile(claudePath, "utf8"));
  expect(mcpServers).toEqual({
    memory: { type: "http", url: "http://127.0.0.1:8080/mcp/memory" },
    own: { command: "own-server" },
    remote: { type: "http", url: "http://127.0.0.1:8080/mcp/remote" },
  });
  const twice = await mcpproxy("connect", "claude-code", "--write", "--json");
  expect(JSON.parse(twice.stdout)).toMatchObject({ written: false, servers: [{ kind: "same" }, { kind: "same" }] });

  const undone = await mcpproxy("connect", "claude-code", "--undo", "--write");
  expect(undone.exitCode, undone.output).toBe(0);
  expect(await readFile(claudePath, "utf8")).toBe(claudeText);
  expect((await stat(claudePath)).mode & 0o777).toBe(0o600);
});

test("undo keeps what the client wrote meanwhile", async () => {
  await mcpproxy("connect", "claude-code", "--write", "--stdio");
  const connected = await readFile(claudePath, "utf8");
  expect(connected).toContain('"stdio", "memory"]');
  await writeFile(claudePath, connected.replace('"numStartups": 7', '"numStartups": 8'));
  const undone = await mcpproxy("connect", "claude-code", "--undo", "--write");
  expect(undone.exitCode, undone.output).toBe(0);
  expect(await readFile(claudePath, "utf8")).toBe(claudeText.replace('"numStartups": 7', '"numStartups": 8'));
});
