import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "./parse-config.ts";

const file = "mcp_config.json";

function issuesOf(text: string) {
  const parsed = parseConfig(text, file);
  return [...parsed.issues, ...parsed.servers.flatMap((server) => (server.ok ? [] : server.issues))];
}

/** Parses a file with one server that has this isolation, and gives its only issue. */
function isolationIssue(isolation: string) {
  const issues = issuesOf(`{"mcpServers":[{"name":"a","command":"npx","isolation":${isolation}}]}`);
  expect(issues).toHaveLength(1);
  return issues[0];
}

describe("what is accepted", () => {
  it("leaves what an empty file does not say to the defaults of planning", () => {
    const { settings } = parseConfig("{}", file);
    expect(settings?.listen).toEqual({ host: "127.0.0.1", port: 8080 });
    const { isEnabled, defaultImages, ceilings, ...values } = settings?.dockerIsolation ?? {};
    expect({ isEnabled, defaultImages }).toEqual({ isEnabled: true, defaultImages: {} });
    expect([...Object.values(ceilings ?? {}), ...Object.values(values)].filter((value) => value !== undefined)).toEqual(
      [],
    );
  });

  it("takes mcpServers as a list and as a map alike", () => {
    const list = parseConfig('{"mcpServers":[{"name":"a","command":"npx","args":["x"]}]}', file);
    const map = parseConfig('{"mcpServers":{"a":{"command":"npx","args":["x"]}}}', file);
    expect(map.servers).toEqual(list.servers);
    expect(map.servers[0]).toMatchObject({
      name: "a",
      ok: true,
      server: { command: "npx", args: ["x"], isEnabled: true },
    });
  });

  it("takes comments, trailing commas and a byte order mark", () => {
    const parsed = parseConfig('\uFEFF{ // first\n "mcpServers": [/* none */], }', file);
    expect(parsed.issues).toEqual([]);
  });

  it("reads disabled: true as enabled: false", () => {
    const { servers } = parseConfig('{"mcpServers":{"a":{"command":"npx","disabled":true}}}', file);
    expect(servers[0]).toMatchObject({ ok: true, server: { isEnabled: false } });
  });

  it("warns of keys that nothing reads, and still runs the server", () => {
    const parsed = parseConfig(
      '{"lisen":":1","mcpServers":{"a":{"type":"stdio","command":"npx","autoApprove":[],"argz":[]}}}',
      file,
    );
    expect(parsed.servers[0]?.ok).toBe(true);
    expect(parsed.warnings.map(({ path, remedy }) => [path, remedy])).toEqual([
      ["lisen", 'Did you mean "listen"?'],
      ["mcpServers.a.autoApprove", null],
      ["mcpServers.a.argz", 'Did you mean "args"?'],
    ]);
  });
});

describe("what is refused, with place and remedy", () => {
  it("a misspelt limit", () => {
    const text =
      '{\n  "mcpServers": [\n    { "name": "a", "command": "npx",\n      "isolation": { "memory_limt": "1g" } }\n  ]\n}';
    expect(issuesOf(text)).toEqual([
      {
        file,
        path: "mcpServers[0].isolation.memory_limt",
        line: 4,
        column: 22,
        server: "a",
        message: 'Unknown key "memory_limt".',
        remedy: 'Did you mean "memory_limit"?',
      },
    ]);
  });

  it.each([
    ['{"memory_limit":"-5m"}', "memory_limit", 'memory_limit: "-5m" is negative.'],
    ['{"memory_limit":"512x"}', "memory_limit", 'memory_limit: "512x" is not an amount of memory.'],
    ['{"memory_limit":"1m"}', "memory_limit", 'memory_limit: "1m" is less than 6m, the least that Docker accepts.'],
    ['{"memory_limit":true}', "memory_limit", "memory_limit: must be text or a number, not true or false."],
    ['{"cpu_limit":0}', "cpu_limit", "cpu_limit: 0 is less than 0.01, the least that Docker accepts."],
    ['{"pids_limit":-1}', "pids_limit", "pids_limit: must be a whole number from 1 to 4194304."],
    ['{"pids_limit":1.5}', "pids_limit", "pids_limit: must be a whole number from 1 to 4194304."],
    ['{"enabled":"false"}', "enabled", "enabled: must be true or false, not text in quotes."],
    ['{"pull_policy":"sometimes"}', "pull_policy", 'pull_policy: must be one of "missing", "always", "never".'],
    ['{"network_mode":"container:x"}', "network_mode", 'network_mode: "container:x" is not a network.'],
    ['{"image":"--privileged"}', "image", 'image: "--privileged" is not the name of an image.'],
    ['{"volumes":["data:/data"]}', "volumes[0]", 'volumes: "data:/data" has a host path that is not absolute.'],
    ['{"memory_limit":"1g","memory_limit":"2g"}', "memory_limit", '"memory_limit" is given twice, first in line 1.'],
  ])("isolation %s", (isolation, path, message) => {
    expect(isolationIssue(isolation)).toMatchObject({ path: `mcpServers[0].isolation.${path}`, message, server: "a" });
  });

  it("a bad global value, with no settings but all servers listed", () => {
    const parsed = parseConfig(
      '{"docker_isolation":{"memory_limit":"512x"},"mcpServers":{"a":{"command":"npx"}}}',
      file,
    );
    expect(parsed.settings).toBeUndefined();
    expect(parsed.issues).toMatchObject([{ path: "docker_isolation.memory_limit", server: null }]);
    expect(parsed.servers.map(({ name }) => name)).toEqual(["a"]);
  });

  it("a syntax error, at its line and column", () => {
    const parsed = parseConfig('{\n  "listen" ":80",\n  "mcpServers": []\n}', file);
    expect(parsed.settings).toBeUndefined();
    expect(parsed.issues[0]).toMatchObject({ line: 2, column: 12, message: "A colon is missing here." });
  });

  it.each([[""], ["   "], ["[]"], ["null"], ["42"], ["{"], ["["], ['{"mcpServers":3}'], ["[".repeat(200_000)]])(
    "a file that is no config: %.20s",
    (text) => {
      const parsed = parseConfig(text, file);
      expect(parsed.settings).toBeUndefined();
      expect(parsed.issues.length).toBeGreaterThan(0);
    },
  );

  it("a bad server, and leaves the others alone", () => {
    const { servers, settings } = parseConfig(
      '{"mcpServers":[{"name":"a"},{"name":"b","command":"npx"},7,{"command":"npx"}]}',
      file,
    );
    expect(settings).toBeDefined();
    expect(servers.map(({ name, ok }) => [name, ok])).toEqual([
      ["a", false],
      ["b", true],
      ["mcpServers[2]", false],
      ["mcpServers[3]", false],
    ]);
  });

  it.each([
    ['{"a":{"command":"npx"},"a":{"command":"uvx"}}'],
    ['[{"name":"a","command":"npx"},{"name":"A","command":"uvx"}]'],
  ])("names that are used twice: %s", (servers) => {
    const parsed = parseConfig(`{"mcpServers":${servers}}`, file);
    expect(parsed.servers).toHaveLength(1);
    expect(parsed.servers[0]).toMatchObject({ ok: false, issues: [{ line: 1 }, { line: 1 }] });
  });

  it.each([["../x"], ["-a"], [""], ["a b"], ["a".repeat(65)]])("the server name %j", (name) => {
    expect(issuesOf(JSON.stringify({ mcpServers: { [name]: { command: "npx" } } }))).toHaveLength(1);
  });

  it("never shows a value of env", () => {
    const text =
      '{"mcpServers":{"a":{"command":"npx","env":{"A":["hunter22"],"B C":"hunter22","D":"hunter22\\u0000"}}}}';
    expect(issuesOf(text)).toHaveLength(3);
    expect(JSON.stringify(issuesOf(text))).not.toContain("hunter22");
  });
});

describe("for any input", () => {
  it("never throws and always explains why there are no settings", () => {
    const anyText = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ docker_isolation: value, mcpServers: value })),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseConfig(text, file);
        expect(parsed.settings !== undefined || parsed.issues.length > 0).toBe(true);
        for (const server of parsed.servers) expect(server.ok || server.issues.length > 0).toBe(true);
      }),
    );
  });
});
