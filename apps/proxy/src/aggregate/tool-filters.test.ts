import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { legacyClient, modernClient } from "./testing/all-servers.ts";

const deadlineMs = 60_000;
let started: TestService;
const filtered = { ...everything, tools: { allow: ["e*", "get-sum", "delte"], deny: ["get-env"] } };

beforeAll(async () => {
  started = await startTestService({ mcpServers: [filtered] });
  await started.service.startServers();
}, deadlineMs);
afterAll(() => started[Symbol.asyncDispose](), deadlineMs);

describe("tools that the config hides", () => {
  test("are not listed and cannot be called, at the server itself", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(`${started.url}/mcp/everything`);
    expect((await client.listTools()).tools.map(({ name }) => name).toSorted()).toEqual(["echo", "get-sum"]);
    await expect(client.callTool({ name: "get-env", arguments: {} })).rejects.toThrow(
      /Unknown tool: get-env.*tools\.deny/,
    );
    expect(JSON.stringify(await client.callTool({ name: "echo", arguments: { message: "hi" } }))).toContain("Echo: hi");
    await client.close();
  });

  test("nor in the modern era", { timeout: deadlineMs }, async () => {
    const client = await modernClient(`${started.url}/mcp/everything`);
    expect((await client.listTools()).tools.map(({ name }) => name).toSorted()).toEqual(["echo", "get-sum"]);
    await expect(client.callTool({ name: "get-env", arguments: {} })).rejects.toThrow(/Unknown tool: get-env/);
    await client.close();
  });

  test("nor among all servers, nor through the search", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(`${started.url}/mcp`);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("everything__")).toSorted()).toEqual([
      "everything__echo",
      "everything__get-sum",
    ]);
    await expect(client.callTool({ name: "everything__get-env", arguments: {} })).rejects.toThrow(/Unknown tool/);
    await client.close();
    const search = await legacyClient(`${started.url}/mcp/search`);
    const found = await search.callTool({
      name: "retrieve_tools",
      arguments: { query: "environment variables", limit: 50 },
    });
    expect(JSON.stringify(found)).not.toContain("get-env");
    const inner = { name: "everything__get-env", arguments: {} };
    await expect(search.callTool({ name: "call_tool", arguments: inner })).rejects.toThrow(/Unknown tool/);
    await search.close();
  });

  test("patterns that name no tool are a finding", { timeout: deadlineMs }, async () => {
    const server = started.service.core.supervisor.find("everything");
    const finding = await until(
      "the finding",
      () => server?.record().findings.find(({ code }) => code === "tool_pattern_unmatched"),
      deadlineMs,
    );
    expect(finding.message).toContain(`"delte"`);
  });

  test("come back when the config lets them, without a restart", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(`${started.url}/mcp`);
    const runId = started.service.core.supervisor.find("everything")?.record().run?.id;
    const config = JSON.parse(await readFile(started.paths.config, "utf8"));
    await started.writeConfig(JSON.stringify({ ...config, mcpServers: [everything] }));
    await started.service.core.reloadConfig();
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("everything__get-env");
    expect(started.service.core.supervisor.find("everything")?.record().run?.id).toBe(runId);
    await client.close();
  });
});
