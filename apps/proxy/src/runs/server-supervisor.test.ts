import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { scanMessage } from "../bridge/scan-message.ts";
import { createSession } from "../bridge/session.ts";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import type { ServerSupervisor } from "./server-supervisor.ts";

/** Answers initialize with its first argument as name, exits with 3 on "die", and takes 300 ms to leave after end of input. */
const program = `
  const reader = require("node:readline").createInterface({ input: process.stdin });
  reader.on("close", () => setTimeout(() => {}, 300));
  reader.on("line", (line) => {
    const { id, method } = JSON.parse(line);
    if (method === "die") process.exit(3);
    const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: process.argv[1], version: "1" } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  });
`;
const configOf = (version: string, names: readonly string[] = ["slow"]): { mcpServers: object[] } => ({
  mcpServers: names.map((name) => ({
    name,
    command: process.execPath,
    args: ["-e", program, version],
    isolation: { enabled: false },
  })),
});
let running: TestService;
let slow: ServerSupervisor;

beforeEach(async () => {
  running = await startTestService(configOf("one"));
  slow = find("slow");
});
afterEach(() => running[Symbol.asyncDispose]());

const core = () => running.service.core;
const intent = (note: string) => core().supervisor.userIntent("tester", note);
const startedName = async () => (await slow.ensureReady("call")).result.serverInfo;

function find(name: string): ServerSupervisor {
  const server = core().supervisor.find(name);
  if (server === undefined) throw new Error(`no ${name}`);
  return server;
}

async function save(config: object): Promise<void> {
  await running.writeConfig(JSON.stringify(config));
  await core().reloadConfig();
}

describe("a call that waits while a changed config stops the run", () => {
  test("is served from the new config", async () => {
    await slow.ensureReady("call");
    const saved = save(configOf("two"));
    await until("stopping", () => slow.record().state === "stopping" || undefined);
    expect(await startedName()).toMatchObject({ name: "two" });
    await saved;
    expect(await startedName()).toMatchObject({ name: "two" });
  });

  test("is refused when its server left the config, and nothing starts", async () => {
    await slow.ensureReady("call");
    const saved = save(configOf("one", ["other"]));
    await until("stopping", () => slow.record().state === "stopping" || undefined);
    await expect(slow.ensureReady("call")).rejects.toThrow("no longer in the config");
    await saved;
    await expect(slow.ensureReady("call")).rejects.toThrow("no longer in the config");
    expect(slow.record().state).toBe("stopped");
  });
});

test("of two saves in a row the last one counts", async () => {
  await slow.ensureReady("call");
  const first = save(configOf("two"));
  await until("stopping", () => slow.record().state === "stopping" || undefined);
  await save(configOf("one"));
  await first;
  expect(await startedName()).toMatchObject({ name: "one" });
});

describe("commands of people that meet", () => {
  test("a stop during a restart holds", async () => {
    await slow.ensureReady("call");
    await Promise.all([slow.restart(intent("restart")), slow.stopByUser(intent("stop"))]);
    expect(slow.record().state).toBe("stopped");
    await expect(slow.ensureReady("call")).rejects.toThrow("Stopped by tester");
  });

  test("two restarts at once give one new run", async () => {
    await slow.ensureReady("call");
    await Promise.all([slow.restart(intent("1")), slow.restart(intent("2"))]);
    await slow.ensureReady("call");
    expect((await core().store.runs.list({ limit: 10 })).runs).toHaveLength(2);
  });

  test("a start during a stop starts once the stop is done", async () => {
    await slow.ensureReady("call");
    const stopped = slow.stopByUser(intent("stop"));
    await until("stopping", () => slow.record().state === "stopping" || undefined);
    slow.startByUser();
    await stopped;
    expect(await until("ready again", () => slow.isReady || undefined)).toBe(true);
  });
});

test("a call right after the error of a dead run starts a new one", async () => {
  await slow.ensureReady("call");
  const die = scanMessage(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"die"}'));
  if (die.kind !== "request") throw new Error("a request");
  const { promise, resolve } = Promise.withResolvers<unknown>();
  slow.bridge.request(
    createSession("a", () => undefined),
    die,
    {
      onMessage: () => false,
      // In the very turn in which the client learns of the death.
      onResult: () => resolve(slow.isReady ? "the dead run" : slow.ensureReady("call")),
      onCancelled: () => undefined,
    },
  );
  expect(await promise).toMatchObject({ result: { serverInfo: { name: "one" } } });
  expect((await core().store.runs.list({ limit: 10 })).runs).toHaveLength(2);
});

test("nothing starts any more once MCPProxy stops", async () => {
  await slow.ensureReady("call");
  const stopped = core().supervisor.shutdown();
  await until("stopping", () => slow.record().state === "stopping" || undefined);
  await expect(slow.ensureReady("call")).rejects.toThrow("MCPProxy is stopping");
  await stopped;
  await expect(slow.ensureReady("call")).rejects.toThrow("MCPProxy is stopping");
});
