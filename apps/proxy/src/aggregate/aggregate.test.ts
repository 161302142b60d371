import {
  CreateMessageRequestSchema,
  ListRootsRequestSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everything, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { legacyClient, modernClient, startAllServers } from "./testing/all-servers.ts";

const deadlineMs = 60_000;
let started: TestService;
let url: string;

beforeAll(async () => {
  started = await startAllServers();
  url = `${started.url}/mcp`;
  await started.service.startServers();
}, deadlineMs);
afterAll(() => started[Symbol.asyncDispose](), deadlineMs);

function textOf(result: unknown): string {
  return JSON.stringify(result);
}

describe("a client of the legacy era at all servers", () => {
  test("sees the tools, prompts and resources of all, and calls them", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["everything__echo", "memory__read_graph", "crashing__pid", "mcpproxy__list_servers"]),
    );
    const echoed = await client.callTool({ name: "everything__echo", arguments: { message: "hello" } });
    expect(textOf(echoed)).toContain("Echo: hello");
    const graph = await client.callTool({ name: "memory__read_graph", arguments: {} });
    expect(textOf(graph)).toContain("entities");
    const { prompts } = await client.listPrompts();
    const simple = prompts.find(({ name }) => name === "everything__simple-prompt");
    expect(simple).toBeDefined();
    expect((await client.getPrompt({ name: "everything__simple-prompt" })).messages).not.toHaveLength(0);
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates).not.toHaveLength(0);
    const [first] = resources;
    expect((await client.readResource({ uri: first?.uri ?? "" })).contents).not.toHaveLength(0);
    const template = resourceTemplates[0]?.uriTemplate ?? "";
    const read = await client.readResource({ uri: template.replaceAll(/\{[^}]*\}/g, "1") });
    expect(read.contents).not.toHaveLength(0);
    await client.close();
  });

  test(
    "gets completions and log messages of a server, and progress before the result",
    { timeout: deadlineMs },
    async () => {
      const client = await legacyClient(url);
      const completed = await client.complete({
        ref: { type: "ref/prompt", name: "everything__completable-prompt" },
        argument: { name: "department", value: "E" },
      });
      expect(completed.completion.values).toContain("Engineering");
      await client.setLoggingLevel("debug");
      const seen: number[] = [];
      await client.callTool(
        { name: "everything__trigger-long-running-operation", arguments: { duration: 0.4, steps: 4 } },
        undefined,
        { onprogress: ({ progress }) => void seen.push(progress), timeout: deadlineMs },
      );
      expect(seen.slice(0, 3)).toEqual([1, 2, 3]);
      await client.close();
    },
  );

  test("answers what a server asks in the course of a call", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      role: "assistant",
      model: "m",
      content: { type: "text", text: "from the client" },
    }));
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [] }));
    const sampled = await client.callTool(
      { name: "everything__trigger-sampling-request", arguments: { prompt: "p", maxTokens: 5 } },
      undefined,
      { timeout: deadlineMs },
    );
    expect(textOf(sampled)).toContain("from the client");
    await client.close();
  });

  test("hears of updates of a resource that it subscribed to", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    const updated: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
    const { resources } = await client.listResources();
    const uri = resources[0]?.uri ?? "";
    await client.subscribeResource({ uri });
    await client.callTool({ name: "everything__toggle-subscriber-updates", arguments: {} });
    await until("an update", () => (updated.includes(uri) ? true : undefined), deadlineMs);
    await client.unsubscribeResource({ uri });
    await client.callTool({ name: "everything__toggle-subscriber-updates", arguments: {} });
    expect(new Set(updated)).toEqual(new Set([uri]));
    await client.close();
  });

  test("can cancel a call, and the others go on", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    const abort = new AbortController();
    const slow = client.callTool(
      { name: "everything__trigger-long-running-operation", arguments: { duration: 60, steps: 600 } },
      undefined,
      { signal: abort.signal, timeout: deadlineMs, onprogress: () => abort.abort("enough") },
    );
    await expect(slow).rejects.toThrow("enough");
    const server = started.service.core.supervisor.find("everything");
    await until(
      "the call is gone at the server",
      () => (server?.bridge.callsInFlight === 0 ? true : undefined),
      deadlineMs,
    );
    expect(textOf(await client.callTool({ name: "everything__echo", arguments: { message: "still" } }))).toContain(
      "still",
    );
    await client.close();
  });

  test("is told why a tool is not there", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    await expect(client.callTool({ name: "nobody__echo", arguments: {} })).rejects.toThrow(
      /Unknown tool: nobody__echo/,
    );
    await expect(client.readResource({ uri: "nobody://x" })).rejects.toThrow(/no server lists nobody:\/\/x/);
    await client.close();
  });

  test(
    "gets the reason when a server crashes under a call, and the next call starts it",
    { timeout: deadlineMs },
    async () => {
      const client = await legacyClient(url);
      await expect(client.callTool({ name: "crashing__crash", arguments: {} })).rejects.toThrow(
        /crashing: Exited with code 3/,
      );
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain("crashing__pid");
      const again = await until(
        "an answer of the new run",
        () => client.callTool({ name: "crashing__pid", arguments: {} }).catch(() => undefined),
        deadlineMs,
      );
      expect(textOf(again)).toMatch(/\d+/);
      const explained = await client.callTool({
        name: "mcpproxy__explain_last_exit",
        arguments: { server: "crashing" },
      });
      expect(explained.structuredContent).toMatchObject({
        server: "crashing",
        exit: { kind: "app_error", exitCode: 3 },
      });
      await client.close();
    },
  );
});

describe("a client of the modern era at all servers", () => {
  test("discovers, lists and calls without a session", { timeout: deadlineMs }, async () => {
    const client = await modernClient(url);
    expect(client.getServerVersion()?.name).toBe("mcpproxy");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["everything__echo", "memory__read_graph"]));
    const echoed = await client.callTool({ name: "everything__echo", arguments: { message: "modern" } });
    expect(textOf(echoed)).toContain("Echo: modern");
    const sampled = await client.callTool({
      name: "everything__trigger-sampling-request",
      arguments: { prompt: "p", maxTokens: 5 },
    });
    expect(textOf(sampled)).toContain("sampled");
    await client.close();
  });

  test("uses MCPProxy's own tools at an endpoint of their own", { timeout: deadlineMs }, async () => {
    const client = await modernClient(`${url}/mcpproxy`);
    const { structuredContent } = await client.callTool({ name: "list_servers", arguments: {} });
    expect(structuredContent).toMatchObject({
      servers: expect.arrayContaining([expect.objectContaining({ name: "memory" })]),
    });
    await client.close();
  });
});

describe("when what there is changes", () => {
  test("clients of both eras are told, and see the tools of a new server", { timeout: 2 * deadlineMs }, async () => {
    const legacy = await legacyClient(url);
    const modern = await modernClient(url);
    let told = 0;
    legacy.setNotificationHandler(ToolListChangedNotificationSchema, () => void (told += 1));
    let isModernTold = false;
    modern.setNotificationHandler("notifications/tools/list_changed", () => {
      isModernTold = true;
    });
    const subscription = await modern.listen({ toolsListChanged: true });
    const { mcpServers } = JSON.parse(await readConfig());
    await started.writeConfig(JSON.stringify({ mcpServers: [...mcpServers, { ...everything, name: "second" }] }));
    await started.service.core.reloadConfig();
    await until("the legacy client is told", () => (told > 0 ? true : undefined), deadlineMs);
    await until("the modern client is told", () => (isModernTold ? true : undefined), deadlineMs);
    expect((await legacy.listTools()).tools.map(({ name }) => name)).toContain("second__echo");
    await started.writeConfig(JSON.stringify({ mcpServers }));
    await started.service.core.reloadConfig();
    await until(
      "its tools are gone",
      async () => ((await legacy.listTools()).tools.some(({ name }) => name.startsWith("second__")) ? undefined : true),
      deadlineMs,
    );
    await subscription.close();
    await legacy.close();
    await modern.close();
  });
});

async function readConfig(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return await readFile(started.paths.config, "utf8");
}
