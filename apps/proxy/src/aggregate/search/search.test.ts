import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestService } from "../../testing/start-test-service.ts";
import { legacyClient, modernClient, startAllServers } from "../testing/all-servers.ts";

const deadlineMs = 60_000;
let started: TestService;
let url: string;

beforeAll(async () => {
  started = await startAllServers();
  url = `${started.url}/mcp/search`;
  await started.service.startServers();
}, deadlineMs);
afterAll(() => started[Symbol.asyncDispose](), deadlineMs);

describe("all servers behind two tools", () => {
  test("finds a tool by words and calls it", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["retrieve_tools", "call_tool"]);
    const query = "read the whole knowledge graph";
    const found = await client.callTool({ name: "retrieve_tools", arguments: { query, limit: 3 } });
    expect(found.structuredContent).toMatchObject({
      tools: [{ name: "memory__read_graph", inputSchema: { type: "object" } }, expect.anything(), expect.anything()],
    });
    const called = await client.callTool({ name: "call_tool", arguments: { name: "memory__read_graph" } });
    expect(called.structuredContent).toMatchObject({ entities: [] });
    const echoed = await client.callTool({
      name: "call_tool",
      arguments: { name: "everything__echo", arguments: { message: "through" } },
    });
    expect(JSON.stringify(echoed)).toContain("Echo: through");
    await client.close();
  });

  test("passes on progress of the tool that is called, and what it asks", { timeout: deadlineMs }, async () => {
    const client = await modernClient(url, "by the client");
    const sampled = await client.callTool({
      name: "call_tool",
      arguments: { name: "everything__trigger-sampling-request", arguments: { prompt: "p", maxTokens: 5 } },
    });
    expect(JSON.stringify(sampled)).toContain("by the client");
    await client.close();
  });

  test("says what is wrong with a call", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    await expect(client.callTool({ name: "everything__echo", arguments: {} })).rejects.toThrow(
      /call others with call_tool/,
    );
    await expect(client.callTool({ name: "call_tool", arguments: {} })).rejects.toThrow(/the name is missing/);
    const wrong = { name: "everything__echo", arguments: "text" };
    await expect(client.callTool({ name: "call_tool", arguments: wrong })).rejects.toThrow(
      /the arguments are no object/,
    );
    const none = await client.callTool({ name: "retrieve_tools", arguments: { query: "", limit: 5 } });
    expect(none.isError).toBe(true);
    await client.close();
  });
});
