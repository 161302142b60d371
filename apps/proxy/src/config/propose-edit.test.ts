import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor } from "@mcpproxy/core/redaction/redact";
import type { PlanRecord } from "@mcpproxy/core/run/plan-record";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { diffLines } from "./diff-lines.ts";
import { proposeEdit, type ProposalContext } from "./propose-edit.ts";
import { readServerEntry } from "./read-server-entry.ts";

const text = `{
  "mcpServers": [
    { "name": "first", "command": "npx" },
    {
      "name": "two", // the second
      "command": "npx",
      "env": { "TOKEN": "hunter2hunter2", "FROM": "\${env:FROM}" },
      "isolation": { "memory_limit": "512m" }
    },
    { "name": "three", "command": "npx", "isolation": { "extra_args": ["-e", "KEY=not-in-env"] } }
  ]
}
`;
const plan: PlanRecord = {
  server: "two",
  outcome: "isolated",
  reason: null,
  refusal: null,
  runtime: null,
  image: null,
  command: [],
  env: [],
  mounts: [],
  dockerRunArgs: null,
  settings: [],
  findings: [],
};
let folder = "";
let context: ProposalContext;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcpproxy-propose-"));
  context = { configPath: join(folder, "mcp_config.json"), redact: createRedactor([]), plan: () => plan };
});
beforeEach(() => writeFile(context.configPath, text));
afterAll(() => rm(folder, { recursive: true }));

describe("proposeEdit", () => {
  test("shows the lines that would change, writes nothing, and masks every value of env", async () => {
    const proposal = await proposeEdit(
      { kind: "isolation", server: "two", changes: [{ key: "memory_limit", operation: "set", value: "1g" }] },
      context,
    );
    if (proposal.kind === "invalid") throw new Error(proposal.message);
    const changed = proposal.diff.filter(({ kind }) => kind !== "same");
    expect(changed.map(({ kind }) => kind)).toEqual(["removed", "added"]);
    expect(changed[1]?.text).toContain('"1g"');
    expect(JSON.stringify(proposal.diff)).not.toContain("hunter2");
    expect(await readFile(context.configPath, "utf8")).toBe(text);
  });

  test("masks the values of a server that is only typed in", async () => {
    const entry = { command: "npx", env: { NEW_KEY: "never-seen-before" } };
    const proposal = await proposeEdit({ kind: "add", server: "new", entry }, context);
    expect(JSON.stringify(proposal)).toContain("NEW_KEY");
    expect(JSON.stringify(proposal)).not.toContain("never-seen-before");
  });

  test("says what is wrong with a value", async () => {
    const proposal = await proposeEdit(
      { kind: "isolation", server: "two", changes: [{ key: "memory_limit", operation: "set", value: "a lot" }] },
      context,
    );
    expect(proposal).toEqual({ kind: "invalid", message: expect.stringMatching(/^mcpServers.*amount of memory/) });
  });
});

describe("readServerEntry", () => {
  test("gives the entry with its place and comments, references shown and secrets masked", async () => {
    const entry = await readServerEntry(context.configPath, { server: "two", redact: createRedactor([]) });
    expect(entry.line).toBe(4);
    expect(entry.text).toMatch(/^\{\n {2}"name": "two", \/\/ the second/);
    expect(entry.text).toContain('"TOKEN": "***"');
    expect(entry.text).toContain("${env:FROM}");
  });

  test("masks what somebody tried to give as an argument", async () => {
    const entry = await readServerEntry(context.configPath, { server: "three", redact: createRedactor([]) });
    expect(entry.text).toContain('"KEY=***"');
  });
});

describe("diffLines", () => {
  test("keeps what is common and lists removals before additions", () => {
    expect(diffLines("a\nb\nc", "a\nx\nc\nd").map(({ kind, text: line }) => `${kind} ${line}`)).toEqual([
      "same a",
      "removed b",
      "added x",
      "same c",
      "added d",
    ]);
  });

  test("an empty text has no lines", () => {
    expect(diffLines("", "a")).toEqual([{ kind: "added", text: "a" }]);
  });
});
