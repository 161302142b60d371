import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import { planIsolation } from "./plan-isolation.ts";
import { configSnapshotOf } from "../run/config-snapshot.ts";

function planOf(entry: object, global: object = {}) {
  const { settings, servers } = parseConfig(
    JSON.stringify({ docker_isolation: global, mcpServers: { a: entry } }),
    "f.json",
  );
  const [parsed] = servers;
  if (settings === undefined || parsed === undefined || !parsed.ok) throw new Error("the test's own config is wrong");
  return planIsolation({ settings, server: parsed.server, host: { platform: "linux" } });
}

const entry = { url: "https://mcp.example.com/mcp?key=hunter22", headers: { Authorization: "Bearer abc" } };

it("starts nothing for a remote server, and says that it is not isolated", () => {
  expect(planOf(entry)).toMatchObject({
    kind: "direct",
    launch: {
      command: ["https://mcp.example.com/mcp?…"],
      env: [{ name: "Authorization", value: "Bearer abc", isSecret: true }],
      remote: { url: entry.url, transport: "http" },
    },
    reason: expect.stringContaining("not isolated by MCPProxy"),
    findings: [{ code: "remote_server" }],
  });
});

it("does not start a remote server that is disabled, and needs no Docker for others", () => {
  expect(planOf({ ...entry, disabled: true })).toMatchObject({ refusal: { code: "server_disabled" } });
  expect(planOf(entry, { enabled: false })).toMatchObject({ launch: { remote: {} } });
});

it("keeps a snapshot that changes with address and headers, and shows neither", () => {
  const snapshot = (changed: object) =>
    configSnapshotOf({
      server: "a",
      plan: planOf({ ...entry, ...changed }),
      redact: (text) => text,
      fingerprint: (text) => createHash("sha256").update(text).digest("hex"),
    });
  const before = snapshot({});
  expect(before.values).toMatchObject({ isolation: "remote", command: ["https://mcp.example.com/mcp?…"] });
  expect(Object.keys(before.values)).toContain("headers.Authorization");
  expect(JSON.stringify(before)).not.toMatch(/hunter22|Bearer abc/);
  expect(snapshot({ headers: { Authorization: "Bearer abd" } }).hash).not.toBe(before.hash);
});
