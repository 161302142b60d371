import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Product } from "./product.ts";
import { repository } from "./repository.ts";

/** The official SDK's client of the modern era; it answers the server's sampling requests with this text. */
export function modernClient(sampled: string): Client {
  const client = new Client(
    { name: "e2e", version: "1.0.0" },
    { capabilities: { sampling: {} }, versionNegotiation: { mode: "auto" } },
  );
  client.setRequestHandler("sampling/createMessage", () => ({
    role: "assistant",
    model: "e2e-model",
    content: { type: "text", text: sampled },
  }));
  return client;
}

/** Over Streamable HTTP. */
export async function connectModernOverHttp(product: Product, server: string, client: Client): Promise<Client> {
  await client.connect(new StreamableHTTPClientTransport(new URL(product.mcpUrl(server))));
  return client;
}

/** To `mcpproxy stdio SERVER`, as a desktop client would. */
export async function connectModernOverStdio(product: Product, server: string, client: Client): Promise<Client> {
  const args = [repository.proxyProgram, "stdio", server];
  const env = { ...product.environment };
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: "pipe" }));
  return client;
}
