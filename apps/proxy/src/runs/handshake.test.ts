import { expect, test } from "vitest";
import { Bridge } from "../bridge/bridge.ts";
import { until } from "../testing/until.ts";
import { shakeHands } from "./handshake.ts";
import type { KnownEra } from "./known-eras.ts";

interface Request {
  readonly id?: number;
  readonly method: string;
}
type Reply = Readonly<Record<string, unknown>> | undefined;

const discovered = {
  resultType: "complete",
  supportedVersions: ["2026-07-28"],
  capabilities: { tools: {} },
  _meta: { "io.modelcontextprotocol/serverInfo": { name: "m", version: "2" } },
};
const initialized = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "l", version: "1" } };
const unknownMethod = { error: { code: -32601, message: "no" } };

/** Shakes hands with a server that answers as told; undefined is no answer. A slow one answers when the next message comes. */
async function meet(replies: Readonly<Record<string, Reply>>, era: KnownEra = { value: undefined }, isSlow = false) {
  const asked: string[] = [];
  let held: Buffer | undefined;
  const bridge = new Bridge({
    server: "s",
    now: () => 0,
    onNoise: () => undefined,
    onRequestRefused: () => undefined,
    onCallEnded: () => undefined,
  });
  const answer = (line: Buffer): void => {
    const { id, method }: Request = JSON.parse(line.toString());
    asked.push(method);
    const reply = replies[method];
    if (held !== undefined) bridge.receive(held);
    held = undefined;
    const message = Buffer.from(JSON.stringify({ jsonrpc: "2.0", id, ...reply }));
    if (isSlow && asked.length === 1) held = message;
    else if (reply !== undefined) bridge.receive(message);
  };
  bridge.attach({ writeLine: (line) => setImmediate(() => answer(line)), unreadBytes: 0 });
  const outcome = await shakeHands(bridge, { version: "1", era, silenceMs: 20 });
  if (outcome.kind === "initialized" && outcome.handshake.era === "legacy")
    await until("notifications/initialized", () => asked.find((method) => method === "notifications/initialized"));
  return { outcome, asked, era, bridge };
}

test("a server that answers server/discover is of the modern era, and is not sent initialize", async () => {
  const { outcome, asked, era, bridge } = await meet({ "server/discover": { result: discovered } });
  expect(outcome).toMatchObject({
    handshake: {
      era: "modern",
      protocolVersion: "2026-07-28",
      result: { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "m", version: "2" } },
    },
  });
  expect([asked, era.value, bridge.era]).toEqual([["server/discover"], "modern", "modern"]);
});

test.each([
  ["any error", unknownMethod],
  ["a result that is none of server/discover", { result: { pid: 7 } }],
])("a server that answers server/discover with %s is of the legacy era", async (_name, reply) => {
  const { outcome, asked, era } = await meet({ "server/discover": reply, initialize: { result: initialized } });
  expect(outcome).toMatchObject({ handshake: { era: "legacy", result: initialized } });
  expect(asked).toEqual(["server/discover", "initialize", "notifications/initialized"]);
  expect(era.value).toBe("legacy");
});

test("a server that says nothing to server/discover is sent initialize too", async () => {
  const { outcome, era } = await meet({ initialize: { result: initialized } });
  expect(outcome).toMatchObject({ handshake: { era: "legacy" } });
  expect(era.value).toBe("legacy");
});

test("a server that was only slow and speaks both is of the legacy era in this run, and known for the next", async () => {
  const replies = { "server/discover": { result: discovered }, initialize: { result: initialized } };
  const { outcome, era } = await meet(replies, { value: undefined }, true);
  expect([outcome, era.value]).toMatchObject([{ handshake: { era: "legacy" } }, "modern"]);
});

test("a server of another modern revision is not sent initialize, and the reason names its revisions", async () => {
  const error = { code: -32022, message: "no", data: { supported: ["2027-01-01"] } };
  const { outcome, asked } = await meet({ "server/discover": { error } });
  expect(outcome).toMatchObject({ kind: "error_answer", message: expect.stringContaining("2027-01-01") });
  expect(asked).toEqual(["server/discover"]);
});

test("a server that is known is not probed", async () => {
  const legacy = await meet({ initialize: { result: initialized } }, { value: "legacy" });
  expect(legacy.asked).toEqual(["initialize", "notifications/initialized"]);
});

test("a server that has changed its era since is found out", async () => {
  const toModern = await meet(
    { initialize: unknownMethod, "server/discover": { result: discovered } },
    { value: "legacy" },
  );
  expect(toModern.outcome).toMatchObject({ handshake: { era: "modern" } });
  const toLegacy = await meet(
    { initialize: { result: initialized }, "server/discover": unknownMethod },
    { value: "modern" },
  );
  expect([toLegacy.outcome, toLegacy.era.value]).toMatchObject([{ handshake: { era: "legacy" } }, "legacy"]);
});

test("a server that refuses both is told with its own words", async () => {
  const { outcome } = await meet({
    "server/discover": unknownMethod,
    initialize: { error: { code: -32000, message: "no licence" } },
  });
  expect(outcome).toEqual({ kind: "error_answer", message: "no licence (-32000)" });
});
