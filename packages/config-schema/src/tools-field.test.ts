import { describe, expect, it } from "vitest";
import { parseConfig } from "./parse-config.ts";

function parseServer(entry: object, name = "a") {
  const [server] = parseConfig(JSON.stringify({ mcpServers: { [name]: entry } }), "/c.json").servers;
  return server;
}

describe("tools of a server", () => {
  it.each([{ command: "npx" }, { url: "https://mcp.example.com/mcp" }])("can be allowed and denied: %j", (entry) => {
    const tools = { allow: ["read_*"], deny: ["read_secret"] };
    expect(parseServer({ ...entry, tools })).toMatchObject({ ok: true, server: { tools } });
    expect(parseServer(entry)).toMatchObject({ ok: true, server: { tools: undefined } });
  });

  it("with a misspelt key are an error that names the right one", () => {
    expect(parseServer({ command: "npx", tools: { denny: ["x"] } })).toMatchObject({
      ok: false,
      issues: [{ path: "mcpServers.a.tools.denny", remedy: expect.stringContaining("deny") }],
    });
  });

  it.each([{ allow: "x" }, { deny: [""] }, { allow: [3] }])("refuses %j", (tools) => {
    expect(parseServer({ command: "npx", tools })?.ok).toBe(false);
  });
});

it("no server may have the name of MCPProxy's own tools", () => {
  expect(parseServer({ command: "npx" }, "mcpproxy")).toMatchObject({
    ok: false,
    issues: [{ message: expect.stringContaining("MCPProxy's own tools"), remedy: "Give the server another name." }],
  });
});
