import { describe, expect, it } from "vitest";
import { everyIssue, parseConfig } from "./parse-config.ts";

function parseEntry(entry: object) {
  const config = parseConfig(JSON.stringify({ mcpServers: { a: entry } }), "f.json");
  return { ...config, issues: everyIssue(config), server: config.servers[0] };
}

describe("a server with a url", () => {
  it("is a remote server, with its address as the command that is shown", () => {
    const { issues, warnings, server } = parseEntry({
      url: "https://mcp.example.com/mcp?key=hunter22",
      headers: { Authorization: "Bearer ${env:TOKEN}" },
      isolation: { timeout: "5s", scope: "session" },
    });
    expect({ issues, warnings }).toEqual({ issues: [], warnings: [] });
    expect(server).toMatchObject({
      ok: true,
      server: {
        command: "https://mcp.example.com/mcp?…",
        isolation: { startTimeoutMs: 5_000, scope: "session" },
        remote: { transport: "http", headers: { Authorization: "Bearer ${env:TOKEN}" } },
      },
    });
  });

  it.each(["http://localhost:3000/mcp", "http://127.0.0.1:1", "http://[::1]:80/x", "http://a.localhost/"])(
    "may be without TLS on this machine: %s",
    (url) => {
      expect(parseEntry({ url }).issues).toEqual([]);
    },
  );

  it.each([
    ["http://example.com/hunter22", /must begin with https/],
    ["http://localhost.example.com/hunter22", /must begin with https/],
    ["http://127.0.0.1.example.com/hunter22", /must begin with https/],
    ["http://127.0.0.1@example.com/hunter22", /user name or a password/],
    ["http://localhost\\@example.com/hunter22", /user name or a password/],
    ["https://user:hunter22@example.com/", /user name or a password/],
    ["ftp://example.com/hunter22", /no address/],
    ["hunter22", /no address/],
    ["https://example.com/${env:hunter22}", /holds a reference/],
    ["https://example.com/#hunter22", /no address/],
  ])("is refused for %s, without its address in the message", (url, message) => {
    const { issues } = parseEntry({ url });
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ path: "mcpServers.a.url", message: expect.stringMatching(message) });
    expect(JSON.stringify(issues)).not.toContain("hunter22");
  });

  it.each([
    [{ type: "http" }, /url is missing/],
    [{ type: "ws", url: "https://h/" }, /must be one of/],
    [{ command: "npx", url: "https://h/" }, /which of them is meant/],
    [{ url: "https://h/", headers: { Host: "evil" } }, /writes itself/],
    [{ url: "https://h/", headers: { "A B": "x" } }, /not the name of a header/],
    [{ url: "https://h/", headers: { A: "x\r\nB: y" } }, /line break/],
    [{ url: "https://h/", isolation: { memory_limit: "1g" } }, /Unknown key "memory_limit"/],
    [{ url: "https://h/", isolation: { enabled: true } }, /Unknown key "enabled"/],
  ])("is refused as %j", (entry, message) => {
    expect(parseEntry(entry).issues).toEqual([
      expect.objectContaining({ server: "a", message: expect.stringMatching(message) }),
    ]);
  });

  it("may be of the old transport", () => {
    expect(parseEntry({ url: "https://h/sse", type: "sse" }).server).toMatchObject({
      server: { remote: { transport: "sse" } },
    });
  });
});
