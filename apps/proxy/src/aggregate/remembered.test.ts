import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openService, type Service } from "../app/service.ts";
import { readEnvironment } from "../environment.ts";
import { resolvePaths } from "../paths.ts";
import { everything, startTestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { crashing, legacyClient } from "./testing/all-servers.ts";

const deadlineMs = 60_000;
const secret = "hunter22-in-a-description";
const program = `
  const tools = [{ name: "tell", description: process.env.TOKEN, inputSchema: { type: "object" } }];
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method } = JSON.parse(line);
    const handshake = { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "c", version: "1" } };
    if (id !== undefined)
      console.log(JSON.stringify({ jsonrpc: "2.0", id, result: method === "initialize" ? handshake : { tools } }));
  });
`;
const telling = { name: "telling", command: process.execPath, args: ["-e", program], env: { TOKEN: secret } };

async function open(home: string): Promise<Service> {
  const environment = readEnvironment({ HOME: home, DOCKER_HOST: `unix://${join(home, "docker.sock")}` });
  return await openService({
    paths: resolvePaths(
      { config: join(home, "c.json"), dataDir: home, logDir: join(home, "logs") },
      environment,
      "linux",
    ),
    environment,
    platform: "linux",
    mainLogFileName: "main.log",
    listen: () => ({ host: "127.0.0.1", port: 0 }),
    dashboardUrl: "http://127.0.0.1:3000",
  });
}

async function toolsOf(service: Service): Promise<readonly string[]> {
  const client = await legacyClient(`${service.url}/mcp`);
  const { tools } = await client.listTools();
  await client.close();
  return tools.map(({ name }) => name);
}

test(
  "the tools of a server are listed after a restart before it has started, without its secrets",
  { timeout: deadlineMs },
  async () => {
    const home = await mkdtemp(join(tmpdir(), "mcpproxy-lists-"));
    const lazy = { ...telling, isolation: { enabled: false, start: "lazy" } };
    await writeFile(join(home, "c.json"), JSON.stringify({ mcpServers: [lazy] }));
    const first = await open(home);
    await first.startServers();
    // Nobody knows it yet, so the first list starts it.
    expect(await toolsOf(first)).toContain("telling__tell");
    await first.close();
    const second = await open(home);
    await second.startServers();
    expect(await toolsOf(second)).toContain("telling__tell");
    expect(second.core.supervisor.find("telling")?.record()).toMatchObject({ state: "stopped", run: null });
    const stored = await second.core.store.serverLists.all();
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(secret);
    await second.close();
    for (const file of ["mcpproxy.db", "mcpproxy.db-wal"])
      expect((await readFile(join(home, file)).catch(() => Buffer.alloc(0))).includes(secret)).toBe(false);
    await rm(home, { recursive: true });
  },
);

test(
  "a server that cannot start hides no other one, and its absence is not waited for twice",
  { timeout: deadlineMs },
  async () => {
    const broken = {
      name: "broken",
      command: process.execPath,
      args: ["-e", "process.exit(4)"],
      isolation: { enabled: false },
    };
    await using started = await startTestService({ mcpServers: [broken, everything] });
    await started.service.startServers();
    const client = await legacyClient(`${started.url}/mcp`);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("everything__echo");
    expect(names.some((name) => name.startsWith("broken__"))).toBe(false);
    await expect(client.callTool({ name: "broken__anything", arguments: {} })).rejects.toThrow(/broken: /);
    await client.close();
  },
);

test(
  "a server that is disabled or stopped by a person is not started by a list or a call",
  { timeout: deadlineMs },
  async () => {
    const disabled = { ...everything, name: "off", enabled: false };
    await using started = await startTestService({ mcpServers: [crashing, disabled] });
    await started.service.startServers();
    const client = await legacyClient(`${started.url}/mcp`);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("crashing__pid");
    expect(names.some((name) => name.startsWith("off__"))).toBe(false);
    const server = started.service.core.supervisor.find("crashing");
    await server?.stopByUser(started.service.core.supervisor.userIntent("a person", "enough"));
    await until("it has stopped", () => (server?.record().run === null ? true : undefined), deadlineMs);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("crashing__pid");
    await expect(client.callTool({ name: "crashing__pid", arguments: {} })).rejects.toThrow(/Stopped by a person/);
    await client.close();
  },
);
