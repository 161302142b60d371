import { expect, test } from "vitest";
import { scanMessage } from "../../bridge/scan-message.ts";
import { createSession } from "../../bridge/session.ts";
import { Bridge } from "../../bridge/bridge.ts";
import type { Connection } from "../../runs/connection.ts";
import type { Handshake } from "../../runs/handshake.ts";
import { until } from "../../testing/until.ts";
import { ColdAnswers } from "./cold-answers.ts";

const capabilities = { tools: { listChanged: true }, prompts: {}, resources: { listChanged: true } };
const handshake: Handshake = {
  era: "legacy",
  protocolVersion: "2025-11-25",
  result: { protocolVersion: "2025-11-25", capabilities, serverInfo: { name: "s", version: "1" } },
};

function createCold({ isReady = false, hasRun = true }: { isReady?: boolean; hasRun?: boolean } = {}) {
  const sent: unknown[] = [];
  const keep = (message: Buffer): void => void sent.push(JSON.parse(message.toString()));
  const session = createSession("s", keep);
  const bridge = new Bridge({
    server: "s",
    now: () => 0,
    onNoise: () => undefined,
    onRequestRefused: () => undefined,
    onCallEnded: () => undefined,
  });
  const connection: Connection = {
    bridge,
    isReady,
    isOver: false,
    ensureReady: () => Promise.reject(new Error("it is not to be started")),
    reportBug: () => undefined,
    close: () => undefined,
  };
  const cold = new ColdAnswers({ connection, session, remembered: () => (hasRun ? handshake : undefined), send: keep });
  const take = (message: object): boolean =>
    cold.take(scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }))));
  return { cold, sent, take, session };
}

const initialize = {
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: { roots: {} } },
};
const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};

test("answers both eras and ping from memory, and starts nothing", async () => {
  const { sent, take, session } = createCold();
  expect(take({ id: 0, method: "ping" })).toBe(false);
  expect(take(initialize)).toBe(true);
  await until("the answer", () => sent[0]);
  expect(sent[0]).toMatchObject({ id: 1, result: { protocolVersion: "2025-06-18", serverInfo: { name: "s" } } });
  expect(session.capabilities.roots).toBe(true);
  expect(take({ id: 2, method: "ping" })).toBe(true);
  expect(take({ id: "d", method: "server/discover", params: { _meta: meta } })).toBe(true);
  expect(sent.slice(1)).toMatchObject([
    { id: 2, result: {} },
    { id: "d", result: { supportedVersions: ["2026-07-28"] } },
  ]);
  expect(take({ id: 3, method: "tools/list" })).toBe(false);
});

test("leaves everything to a server that runs, and to one that has never run", () => {
  expect(createCold({ isReady: true }).take(initialize)).toBe(false);
  expect(createCold({ hasRun: false }).take(initialize)).toBe(false);
});

test("says that the lists have changed when the server turns out to be another one, and nothing when it is the same", async () => {
  const { cold, sent, take } = createCold();
  take(initialize);
  await until("the answer", () => sent[0]);
  cold.noteStarted({ ...handshake, result: { ...handshake.result, serverInfo: { name: "s", version: "2" } } });
  cold.noteStarted(handshake);
  expect(sent.slice(1)).toEqual([
    { jsonrpc: "2.0", method: "notifications/tools/list_changed" },
    { jsonrpc: "2.0", method: "notifications/resources/list_changed" },
  ]);
});
