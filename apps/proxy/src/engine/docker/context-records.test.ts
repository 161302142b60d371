import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import { expect, test } from "vitest";
import type { EngineChoice } from "../engine-set.ts";
import { contextRecords } from "./context-records.ts";

const stored = [
  { name: "old", description: "Old", host: "unix:///old.sock", skipsTlsVerification: false, tlsFolder: "" },
  { name: "prod", description: "", host: "tcp://prod:2376", skipsTlsVerification: false, tlsFolder: "" },
];
const statusOf = (context: string, endpoint: string): EngineStatus => ({
  state: "available",
  context,
  endpoint,
  version: "1",
  apiVersion: "1",
  cgroupVersion: "2",
  memoryBytes: null,
  warnings: [],
  problem: null,
  checkedAt: "",
});
const choiceOf = (status: EngineStatus, reason: string): EngineChoice => ({
  selection: { kind: "default" },
  reason,
  status,
  engine: undefined,
});

test("contexts, configured addresses and engines of earlier runs are one list, each once, with its servers", () => {
  const records = contextRecords({
    stored,
    environmentHost: undefined,
    choices: [
      { choice: choiceOf(statusOf("prod", "tcp://prod:2376"), "current"), servers: ["b"], isFallback: true },
      { choice: choiceOf(statusOf("prod", "tcp://prod:2376"), "pinned"), servers: ["a"], isFallback: false },
      { choice: choiceOf(statusOf("docker_host", "unix:///mine.sock"), "host"), servers: ["c"], isFallback: false },
    ],
    held: [
      { status: statusOf("old", "unix:///old.sock"), servers: ["d"] },
      { status: statusOf("prod", "tcp://before:2376"), servers: ["e"] },
    ],
  });
  const shown = records.map(({ name, endpoint, isDefault, isUsed, reason, servers }) =>
    [name, endpoint, isDefault ? "*" : isUsed ? "used" : "-", reason, servers.join()].join(" "),
  );
  expect(shown).toEqual([
    "default unix:///var/run/docker.sock -  ",
    "old unix:///old.sock used runs that began there earlier d",
    "prod tcp://prod:2376 * current a,b",
    "unix:///mine.sock unix:///mine.sock used host c",
    "prod tcp://before:2376 used runs that began there earlier e",
  ]);
  expect(records[1]).toMatchObject({ description: "Old", state: "available" });
});

test("a context that cannot be read has no address, and says why", () => {
  const problem = { message: 'The Docker context "gone" cannot be read.', remedy: "Look." };
  const status: EngineStatus = { ...statusOf("gone", "unknown"), state: "unavailable", problem };
  const records = contextRecords({
    stored,
    environmentHost: "tcp://env:1",
    choices: [{ choice: choiceOf(status, "DOCKER_CONTEXT is set"), servers: [], isFallback: true }],
    held: [],
  });
  expect(records.at(-1)).toMatchObject({ name: "gone", endpoint: null, isDefault: true, problem });
  expect(records.find(({ name }) => name === "DOCKER_HOST")).toMatchObject({ endpoint: "tcp://env:1", isUsed: false });
});
