import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CreateMessageRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import type { Product } from "./product.ts";
import { repository } from "./repository.ts";

const clientInfo = { name: "e2e", version: "1.0.0" };

/** A client that answers the server's sampling requests with this text. */
export function samplingClient(answer: string): Client {
  const client = new Client(clientInfo, { capabilities: { sampling: {} } });
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: "assistant",
    model: "e2e-model",
    content: { type: "text", text: answer },
  }));
  return client;
}

/** Connects the official SDK's client to a server over Streamable HTTP. */
export async function connectOverHttp(
  product: Product,
  server: string,
  client = new Client(clientInfo),
): Promise<Client> {
  await client.connect(new StreamableHTTPClientTransport(new URL(product.mcpUrl(server))));
  return client;
}

/** Connects the official SDK's client to `mcpproxy stdio SERVER`, as a desktop client would. */
export async function connectOverStdio(product: Product, server: string): Promise<Client> {
  const client = new Client(clientInfo);
  const args = [repository.proxyProgram, "stdio", server];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, env: { ...product.environment }, stderr: "pipe" }),
  );
  return client;
}
