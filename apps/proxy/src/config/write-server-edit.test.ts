import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configValueAt } from "@mcpproxy/config-schema/edit-config";
import type { IsolationChange } from "./server-edit.ts";
import { readConfigFile } from "./write-config.ts";
import { writeServerEdit } from "./write-server-edit.ts";

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcpproxy-change-"));
  file = join(folder, "mcp_config.json");
});
afterAll(() => rm(folder, { recursive: true }));

const list = `{
  // servers of the team
  "mcpServers": [
    { "name": "one", "command": "npx" }, // leave alone
    {
      "name": "two",
      "command": "npx",
      "isolation": {
        "memory_limit": "512m" // as the guide says
      }
    }
  ]
}
`;

function changeIsolation(
  path: string,
  change: { readonly server: string; readonly changes: readonly IsolationChange[] },
): Promise<void> {
  return writeServerEdit(path, { kind: "isolation", ...change });
}

describe("writeServerEdit", () => {
  test("sets, appends and removes keys of one server, and keeps everything else byte for byte", async () => {
    await writeFile(file, list, { mode: 0o600 });
    await changeIsolation(file, {
      server: "two",
      changes: [
        { key: "memory_limit", operation: "set", value: "1g" },
        { key: "volumes", operation: "append", value: "/data:/data" },
      ],
    });
    const changed = await readFile(file, "utf8");
    expect(changed).toContain("// leave alone");
    expect(changed).toContain("// as the guide says");
    expect(changed).toContain('"memory_limit": "1g"');
    expect(changed).toMatch(/"volumes": \[\s*"\/data:\/data"\s*\]/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await changeIsolation(file, { server: "two", changes: [{ key: "volumes", operation: "remove" }] });
    expect(await readFile(file, "utf8")).toBe(list.replace('"512m"', '"1g"'));
  });

  test("changes that come at the same time are all made", async () => {
    await writeFile(file, list);
    const wanted = { cpu_limit: 2, pids_limit: 99, shm_size: "9m", user: "1:1", timeout: "31s", read_only: true };
    const edits = Object.entries(wanted).map(([key, value]) =>
      changeIsolation(file, { server: "one", changes: [{ key, operation: "set", value }] }),
    );
    await Promise.all(edits);
    const { text } = await readConfigFile(file);
    expect(configValueAt(text ?? "", ["mcpServers", 0, "isolation"])).toEqual(wanted);
  });

  test("a change that fails does not hold up the next", async () => {
    await writeFile(file, list);
    const bad = changeIsolation(file, { server: "none", changes: [] });
    const good = changeIsolation(file, { server: "one", changes: [{ key: "user", operation: "set", value: "1:1" }] });
    await expect(bad).rejects.toThrow("No server is called");
    await good;
    expect(await readFile(file, "utf8")).toContain('"user": "1:1"');
  });

  test("makes the section where there is none, in the map form too", async () => {
    await writeFile(file, '{ "mcpServers": { "a": { "command": "npx" } } }');
    await changeIsolation(file, { server: "a", changes: [{ key: "enabled", operation: "set", value: false }] });
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      mcpServers: { a: { command: "npx", isolation: { enabled: false } } },
    });
  });

  test.each([
    ["a misspelt key", { key: "memory_limt", operation: "set", value: "1g" }, "memory_limit"],
    ["a wrong value", { key: "memory_limit", operation: "set", value: "a lot" }, "amount of memory"],
  ] as const)("writes nothing for %s", async (_, change, words) => {
    await writeFile(file, list);
    await expect(changeIsolation(file, { server: "two", changes: [change] })).rejects.toThrow(words);
    expect(await readFile(file, "utf8")).toBe(list);
  });

  test("says that there is no such server", async () => {
    await writeFile(file, list);
    await expect(changeIsolation(file, { server: "three", changes: [] })).rejects.toThrow('"three"');
  });

  test("disables and enables a server, in other clients' words too, with all comments kept", async () => {
    await writeFile(file, list.replace('"name": "one",', '"name": "one", "disabled": true,'));
    await writeServerEdit(file, { kind: "enabled", server: "one", isEnabled: true });
    expect(await readFile(file, "utf8")).toBe(list);
    await writeServerEdit(file, { kind: "enabled", server: "two", isEnabled: false });
    const changed = await readFile(file, "utf8");
    expect(changed).toContain("// as the guide says");
    expect(configValueAt(changed, ["mcpServers", 1, "enabled"])).toBe(false);
    await writeServerEdit(file, { kind: "enabled", server: "two", isEnabled: true });
    expect(configValueAt(await readFile(file, "utf8"), ["mcpServers", 1, "enabled"])).toBe(true);
  });

  test.each([
    ["the list", list, ["mcpServers", 2]],
    ["the map", '{ "mcpServers": { "a": { "command": "npx" } } }', ["mcpServers", "new"]],
    ["a file without servers", "{}", ["mcpServers", 0]],
  ] as const)("adds a server to %s", async (_, text, place) => {
    await writeFile(file, text);
    await writeServerEdit(file, { kind: "add", server: "new", entry: { command: "npx", args: ["-y", "x"] } });
    expect(configValueAt(await readFile(file, "utf8"), place)).toMatchObject({ command: "npx", args: ["-y", "x"] });
  });

  test.each([
    ["whose name is taken", { server: "one", entry: { command: "npx" } }, "already there"],
    ["without a command", { server: "new", entry: { args: ["x"] } }, "command"],
    ["with a name that cannot be", { server: "a b/c", entry: { command: "npx" } }, "name"],
  ] as const)("writes nothing for a server %s", async (_, added, words) => {
    await writeFile(file, list);
    await expect(writeServerEdit(file, { kind: "add", ...added })).rejects.toThrow(words);
    expect(await readFile(file, "utf8")).toBe(list);
  });
});
