import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { everything, startTestService, type TestService } from "../../testing/start-test-service.ts";

/** Lists tools, exits with 3 when "crash" is called, and answers all others with its process id. */
const crashingProgram = `
  const tools = ["crash", "pid"].map((name) => ({ name, inputSchema: { type: "object" } }));
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    if (method === "tools/call" && params.name === "crash") process.exit(3);
    const handshake = { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "c", version: "1" } };
    const results = {
      initialize: handshake,
      "tools/list": { tools },
      "tools/call": { content: [{ type: "text", text: String(process.pid) }] },
    };
    const result = results[method];
    const answer = result === undefined ? { error: { code: -32601, message: "unknown" } } : { result };
    console.log(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  });
`;

/** A server that crashes on demand, as a config entry. */
export const crashing = {
  name: "crashing",
  command: process.execPath,
  args: ["-e", crashingProgram],
  isolation: { enabled: false, restart: { backoff_initial: "100ms" } },
};

/** The reference server with a memory, from npm, as a config entry. */
export async function memoryServer() {
  const folder = await mkdtemp(join(tmpdir(), "mcpproxy-memory-"));
  return {
    name: "memory",
    command: process.execPath,
    args: [fileURLToPath(import.meta.resolve("@modelcontextprotocol/server-memory/dist/index.js"))],
    env: { MEMORY_FILE_PATH: join(folder, "memory.json") },
    isolation: { enabled: false },
  };
}

/** A service with two servers from npm and one that crashes. */
export async function startAllServers(more: readonly object[] = []): Promise<TestService> {
  return await startTestService({ mcpServers: [everything, await memoryServer(), crashing, ...more] });
}

/** The official client of the legacy era. */
export async function legacyClient(url: string): Promise<Client> {
  const client = new Client(
    { name: "legacy", version: "1" },
    { capabilities: { sampling: {}, elicitation: {}, roots: { listChanged: true } } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return client;
}

/** The official client of the modern era, which answers sampling with this text. */
export async function modernClient(url: string, sampled = "sampled"): Promise<ModernClient> {
  const client = new ModernClient(
    { name: "modern", version: "1" },
    { capabilities: { sampling: {} }, versionNegotiation: { mode: "auto" } },
  );
  client.setRequestHandler("sampling/createMessage", () => ({
    role: "assistant",
    model: "test",
    content: { type: "text", text: sampled },
  }));
  await client.connect(new ModernTransport(new URL(url)));
  return client;
}
