import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configValueAt, editConfig, type ConfigEdit } from "@mcpproxy/config-schema/edit-config";
import { clientIds, clientOf, type ClientId } from "./client.ts";
import { sha256, type ConnectionStep } from "./connection-record.ts";
import { planConnect, type ConnectPlan } from "./plan-connect.ts";
import { planUndo } from "./undo-connect.ts";

const program = {
  listen: { host: "127.0.0.1", port: 8080 },
  nodePath: "/n/node",
  scriptPath: "/o/mcpproxy.mjs",
  pathArguments: ["--config", "/c.json"],
};
const memory = { name: "memory", command: "npx", args: ["-y", "memory"], isEnabled: true, problem: null };
const git = { name: "git", command: "uvx", args: ["git"], isEnabled: true, problem: null };

function connect(id: ClientId, text: string, change: Partial<Parameters<typeof planConnect>[0]> = {}): ConnectPlan {
  return planConnect({
    client: clientOf(id),
    file: "/client.json",
    text,
    servers: [memory, git],
    configuredNames: ["memory", "git"],
    transport: clientOf(id).urlKey === null ? "stdio" : "http",
    program,
    homeDirectory: "/home/me",
    ...change,
  });
}

function stepOf(plan: ConnectPlan, backup: string | null = "/backup"): ConnectionStep {
  return {
    client: "cursor",
    file: "/client.json",
    backup,
    at: "2026-01-01T00:00:00.000Z",
    writtenSha256: sha256(plan.text),
    changes: [...plan.changes],
  };
}

function edited(text: string, ...edits: readonly ConfigEdit[]): string {
  const result = editConfig(text, edits);
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

const command = ["/o/mcpproxy.mjs", "stdio", "memory", "--config", "/c.json"];

describe("formats", () => {
  it.each([
    ["claude-code", "mcpServers", { type: "http", url: "http://127.0.0.1:8080/mcp/memory" }],
    ["claude-desktop", "mcpServers", { command: "/n/node", args: command }],
    ["cursor", "mcpServers", { url: "http://127.0.0.1:8080/mcp/memory" }],
    ["vscode", "servers", { type: "http", url: "http://127.0.0.1:8080/mcp/memory" }],
    ["windsurf", "mcpServers", { serverUrl: "http://127.0.0.1:8080/mcp/memory" }],
  ] as const)("%s", (id, key, entry) => {
    expect(configValueAt(connect(id, "").text, [key, "memory"])).toEqual(entry);
  });

  it.each(clientIds)("%s with --stdio", (id) => {
    const { text } = connect(id, "{}", { transport: "stdio" });
    expect(configValueAt(text, [clientOf(id).serversKey, "memory"])).toMatchObject({
      command: "/n/node",
      args: command,
    });
  });

  it("has one address for all servers together, and knows its own entry again", () => {
    const all = { name: "mcpproxy", command: undefined, args: [], isEnabled: true, problem: null };
    const once = connect("cursor", "{}", { servers: [all] });
    expect(configValueAt(once.text, ["mcpServers", "mcpproxy", "url"])).toBe("http://127.0.0.1:8080/mcp");
    expect(connect("cursor", once.text, { servers: [all] }).items.map(({ kind }) => kind)).toEqual(["same"]);
    expect(connect("cursor", once.text).items.map(({ kind }) => kind)).toEqual(["added", "added"]);
  });

  it("writes the address of IPv6 in brackets", () => {
    const { text } = connect("cursor", "{}", { program: { ...program, listen: { host: "::1", port: 9 } } });
    expect(configValueAt(text, ["mcpServers", "git", "url"])).toBe("http://[::1]:9/mcp/git");
  });
});

describe("what happens", () => {
  it.each(clientIds)("connecting %s twice changes nothing the second time", (id) => {
    const once = connect(id, "{}");
    const twice = connect(id, once.text);
    expect(twice.items.map(({ kind }) => kind)).toEqual(["same", "same"]);
    expect(twice.text).toBe(once.text);
  });

  it("replaces the client's own entry for the same server, keeps the user's settings of it and every other byte", () => {
    const own = '{ "command": "npx", "args": ["-y", "memory"], "env": { "K": "secret" }, "disabled": true }';
    const text = `{\n\t"theirs" : [1 ,2],\n\t"mcpServers": { "x": {"url":"https://x"}, "memory": ${own} }\n}`;
    const plan = connect("cursor", text, { servers: [memory] });
    expect(plan.items).toMatchObject([{ kind: "replaced", server: "memory" }]);
    expect(plan.text).toBe(text.replace(own, '{ "url": "http://127.0.0.1:8080/mcp/memory", "disabled": true }'));
    expect(JSON.stringify(plan.changes)).not.toContain("secret");
  });

  it("leaves a different server of the same name alone", () => {
    const text = '{"mcpServers":{"memory":{"command":"python"}}}';
    const plan = connect("cursor", text, { servers: [memory] });
    expect(plan.items).toMatchObject([{ kind: "skipped", server: "memory" }]);
    expect(plan.text).toBe(text);
  });

  it("brings an entry of its own up to date, whatever it is called", () => {
    const text = '{"mcpServers":{"my memory":{"command":"node","args":["/old/mcpproxy.mjs","stdio","memory"]}}}';
    const plan = connect("cursor", text, { servers: [memory] });
    expect(plan.items).toMatchObject([{ kind: "updated", path: ["mcpServers", "my memory"] }]);
  });

  it("replaces entries of single projects, but adds none there", () => {
    const text = JSON.stringify({
      projects: {
        "/a": { mcpServers: { memory: { command: "npx", args: ["-y", "memory"] }, git: { command: "other" } } },
      },
    });
    const plan = connect("claude-code", text);
    expect(plan.items.map(({ kind, server }) => `${kind} ${server}`)).toEqual([
      "added memory",
      "replaced memory",
      "added git",
    ]);
    expect(configValueAt(plan.text, ["projects", "/a", "mcpServers", "git"])).toEqual({ command: "other" });
  });

  it("knows Claude Code's ${NAME} again", () => {
    const text = '{"mcpServers":{"memory":{"command":"npx","args":["-y","${PACKAGE}"]}}}';
    const servers = [{ ...memory, args: ["-y", "${env:PACKAGE}"] }];
    expect(connect("claude-code", text, { servers }).items).toMatchObject([{ kind: "replaced" }]);
  });

  it("skips servers that cannot run, and points out entries of servers that are gone", () => {
    const text =
      '{"mcpServers":{"old":{"url":"http://127.0.0.1:8080/mcp/old"},"all":{"url":"http://127.0.0.1:8080/mcp"}}}';
    const plan = connect("cursor", text, { servers: [{ ...memory, problem: "It will not run: why." }] });
    expect(plan.items).toMatchObject([
      { kind: "skipped", server: "memory", reason: "It will not run: why." },
      { kind: "skipped", server: "old" },
    ]);
  });

  it("refuses a file that is no JSON", () => {
    expect(() => connect("cursor", "{")).toThrow(/cannot be read/);
  });
});

describe("undo", () => {
  const original = '{\n  "mcpServers": {\n    "memory" :  {"command":"npx", "args":["-y","memory"] } // mine\n  }\n}\n';

  it("gives back the file byte for byte when nobody touched it", () => {
    const plan = connect("cursor", original);
    const undone = planUndo(plan.text, [{ step: stepOf(plan), backupText: original }]);
    expect(undone.text).toBe(original);
    expect(undone.items.map(({ kind }) => kind)).toEqual(["restored", "removed"]);
  });

  it("takes back only its own entries when somebody changed the file since", () => {
    const plan = connect("cursor", original);
    const theirs: readonly ConfigEdit[] = [
      { kind: "set", path: ["theirs"], value: 1 },
      { kind: "set", path: ["mcpServers", "x"], value: { command: "x" } },
    ];
    const undone = planUndo(edited(plan.text, ...theirs), [{ step: stepOf(plan), backupText: original }]);
    expect(undone.text).toBe(edited(original, ...theirs));
  });

  it("leaves what was changed or removed since", () => {
    const plan = connect("cursor", original);
    const changed = edited(
      plan.text,
      { kind: "set", path: ["mcpServers", "memory", "url"], value: "http://elsewhere" },
      { kind: "remove", path: ["mcpServers", "git"] },
    );
    const undone = planUndo(changed, [{ step: stepOf(plan), backupText: original }]);
    expect(undone.items.map(({ kind }) => kind)).toEqual(["left", "left"]);
    expect(undone.text).toBe(changed);
  });

  it("says what it cannot restore without the backup, and removes what it added", () => {
    const plan = connect("cursor", original);
    const undone = planUndo(plan.text, [{ step: stepOf(plan), backupText: undefined }]);
    expect(undone.items.map(({ kind }) => kind)).toEqual(["impossible", "removed"]);
  });

  it("removes a file that it made, and only its map from one that grew since", () => {
    const plan = connect("cursor", "");
    const steps = [{ step: stepOf(plan, null), backupText: undefined }];
    expect(planUndo(plan.text, steps).text).toBeUndefined();
    const grown = edited(plan.text, { kind: "set", path: ["theirs"], value: 1 });
    expect(configValueAt(planUndo(grown, steps).text ?? "", [])).toEqual({ theirs: 1 });
  });

  it("takes back several steps, the newest first", () => {
    const first = connect("cursor", original, { servers: [git] });
    const moved = { ...program, listen: { host: "127.0.0.1", port: 9000 } };
    const second = connect("cursor", first.text, { program: moved, servers: [memory] });
    const steps = [
      { step: stepOf(first), backupText: original },
      { step: stepOf(second), backupText: first.text },
    ];
    const undone = planUndo(second.text, steps);
    expect(undone.text).toBe(original);
    expect(undone.items).toHaveLength(2);
  });

  it("names an entry once when several steps wrote it, and says what a newer one could not do", () => {
    const first = connect("cursor", original, { servers: [memory] });
    const second = connect("cursor", first.text, { servers: [memory], transport: "stdio" });
    const older = { step: stepOf(first), backupText: original };
    const whole = planUndo(second.text, [older, { step: stepOf(second), backupText: first.text }]);
    expect(whole.items.map(({ kind }) => kind)).toEqual(["restored"]);
    const withoutBackup = planUndo(second.text, [older, { step: stepOf(second), backupText: undefined }]);
    expect(withoutBackup.items.map(({ kind }) => kind)).toEqual(["impossible"]);
  });

  it("does nothing for a step that was never written", () => {
    const plan = connect("cursor", original);
    expect(planUndo(original, [{ step: stepOf(plan), backupText: original }])).toEqual({ items: [], text: original });
  });

  it("is the reverse of connecting for any file, also around somebody else's change", () => {
    const entry = fc.constantFrom<unknown>(
      { command: "npx", args: ["-y", "memory"] },
      { command: "other" },
      { url: "https://x" },
      {},
    );
    const name = fc.constantFrom("memory", "git", "x", "y z");
    const file = fc.record(
      { a: fc.integer(), mcpServers: fc.dictionary(name, entry, { minKeys: 1 }) },
      { requiredKeys: ["a"] },
    );
    const indent = fc.constantFrom(undefined, 2, "\t");
    fc.assert(
      fc.property(file, indent, fc.constantFrom(...clientIds), (value, space, id) => {
        const text = JSON.stringify(value, undefined, space);
        const plan = connect(id, text);
        const steps = [{ step: stepOf(plan), backupText: text }];
        expect(planUndo(plan.text, steps).text).toBe(text);
        const theirs: ConfigEdit = { kind: "set", path: ["a"], value: "theirs" };
        expect(planUndo(edited(plan.text, theirs), steps).text).toBe(edited(text, theirs));
      }),
      { numRuns: 300 },
    );
  });
});
