import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everything, type TestService } from "../../testing/start-test-service.ts";
import { until } from "../../testing/until.ts";
import { legacyClient, startAllServers } from "../testing/all-servers.ts";

const deadlineMs = 60_000;
let started: TestService;
let client: Awaited<ReturnType<typeof legacyClient>>;

beforeAll(async () => {
  // An entry that takes their name is refused, and they are there all the same.
  started = await startAllServers([{ ...everything, name: "mcpproxy" }]);
  await started.service.startServers();
  client = await legacyClient(`${started.url}/mcp/mcpproxy`);
}, deadlineMs);
afterAll(async () => {
  await client.close();
  await started[Symbol.asyncDispose]();
}, deadlineMs);

describe("MCPProxy's own tools", () => {
  test("say what they do and whether they change something", { timeout: deadlineMs }, async () => {
    const { tools } = await client.listTools();
    const changing = tools.filter(({ annotations }) => annotations?.readOnlyHint === false).map(({ name }) => name);
    expect(changing).toEqual(["restart_server"]);
    for (const { description, inputSchema, outputSchema } of tools) {
      expect(description?.length).toBeGreaterThan(80);
      expect(inputSchema.type).toBe("object");
      expect(outputSchema?.type).toBe("object");
    }
  });

  test("restart a server, and the audit says who did it", { timeout: deadlineMs }, async () => {
    const server = started.service.core.supervisor.find("everything");
    const before = await until(
      "it is ready",
      () => (server?.isReady === true ? server.record().run?.id : undefined),
      deadlineMs,
    );
    const input = { server: "everything", reason: "a test" };
    const { structuredContent } = await client.callTool({ name: "restart_server", arguments: input });
    expect(structuredContent).toMatchObject({ server: "everything" });
    await until(
      "a new run",
      () => (server?.isReady === true && server.record().run?.id !== before ? true : undefined),
      deadlineMs,
    );
    const { entries } = await started.service.core.store.audit.list({ limit: 10 });
    expect(entries[0]).toMatchObject({
      actor: "mcp client",
      action: "restart",
      server: "everything",
      detail: "a test",
    });
    const runs = await client.callTool({ name: "list_runs", arguments: { server: "everything", limit: 5 } });
    expect(runs.structuredContent).toMatchObject({ runs: [{ state: "ready" }, { verdict: "stopped_by_user" }] });
  });

  test("are there among all servers, whatever the config calls so", { timeout: deadlineMs }, async () => {
    const all = await legacyClient(`${started.url}/mcp`);
    const listed = await all.callTool({ name: "mcpproxy__list_servers", arguments: {} });
    expect(JSON.stringify(listed.structuredContent)).toContain("is the name of MCPProxy's own tools");
    await all.close();
  });

  test("read logs", { timeout: deadlineMs }, async () => {
    const logged = await until(
      "a line",
      async () => {
        const result = await client.callTool({ name: "tail_log", arguments: { server: "everything", lines: 50 } });
        return JSON.stringify(result.structuredContent).includes("everything") ? result : undefined;
      },
      deadlineMs,
    );
    expect(logged.isError).not.toBe(true);
  });

  test("tell a model what is wrong with its arguments", { timeout: deadlineMs }, async () => {
    const unknown = await client.callTool({ name: "tail_log", arguments: { server: "nobody" } });
    expect(unknown).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("Configured: everything") }],
    });
    const missing = await client.callTool({ name: "explain_last_exit", arguments: {} });
    expect(missing).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("server") }] });
    const none = await client.callTool({ name: "explain_last_exit", arguments: { server: "memory" } });
    expect(none.structuredContent).toEqual({ server: "memory", exit: null });
    await expect(client.callTool({ name: "drop_tables", arguments: {} })).rejects.toThrow(/Unknown tool: drop_tables/);
  });
});
