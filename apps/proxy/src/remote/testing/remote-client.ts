import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { z } from "zod";
import { startTestService, type TestService } from "../../testing/start-test-service.ts";

/** A real service with one remote server, called "far". */
export async function serveRemote(
  entry: object,
  variables: Readonly<Record<string, string>> = {},
): Promise<TestService> {
  return await startTestService(
    { mcpServers: { far: { isolation: { start: "lazy", restart: { backoff_initial: "1s" } }, ...entry } } },
    { variables: { DOCKER_HOST: "unix:///nowhere/docker.sock", ...variables } },
  );
}

/** The official client, connected to that server through MCPProxy. */
export async function connectClient(started: TestService, capabilities: object = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { capabilities });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${started.url}/mcp/far`)));
  return client;
}

/** The first text of a tool's result. */
export function textOf(result: unknown): string {
  return resultSchema.parse(result).content[0]?.text ?? "";
}

const resultSchema = z.object({ content: z.array(z.looseObject({ text: z.string().optional() })) });
