import { expect, test } from "@playwright/test";
import type { Product } from "../harness/product.ts";
import { until } from "../harness/until.ts";
import { postModern, RawSession, resultText, type Exchange } from "./raw-session.ts";
import { randomNumbers, rounds } from "./rounds.ts";
import { startTortured, tortureServer } from "./torture-product.ts";

let product: Product;
test.beforeAll(async () => {
  product = await startTortured([tortureServer("host")]);
});
test.afterAll(async () => product?.dispose());

const cancelOf = (idText: string) =>
  `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${idText}}}`;

async function callsInFlight(): Promise<number> {
  const runId = (await product.api.server("host")).run?.id ?? "";
  return (await product.api.run(runId)).callsInFlight.length;
}

test("a cancel before, during and after its call harms no other call", async () => {
  const session = await RawSession.open(product.mcpUrl("host"));
  await session.post(cancelOf("7")).answer;
  expect(await session.textOf("echo", { text: "after an early cancel" })).toBe("after an early cancel");

  const held = session.call({ idText: "7", name: "hold", values: { name: "during" } });
  await until("the call is in flight", async () => (await callsInFlight()) === 1, { deadlineMs: 30_000 });
  await session.post(cancelOf("7")).answer;
  const { messages } = await held.answer;
  expect(messages).toEqual([]);

  expect(await session.textOf("echo", { text: "x" })).toBe("x");
  await session.post(cancelOf("1")).answer;
  expect(await session.textOf("echo", { text: "after a late cancel" })).toBe("after a late cancel");
  expect(await callsInFlight()).toBe(0);
  await session.end();
});

test("1,000 calls cancelled, disconnected or left alone at random: each has one outcome, and nothing stays in flight", async () => {
  const url = product.mcpUrl("host");
  const sessions = await Promise.all(Array.from({ length: 8 }, () => RawSession.open(url)));
  const random = randomNumbers(11);
  const batch = async (from: number): Promise<void> => {
    const calls = Array.from({ length: 50 }, (_, offset) => from + offset).map(async (call) => {
      const session = sessions[call % sessions.length];
      if (session !== undefined) await raceOne({ url, session, call, random });
    });
    await Promise.all(calls);
  };
  for (let from = 0; from < 1_000 * rounds; from += 50) await batch(from);
  await until("nothing is in flight", async () => (await callsInFlight()) === 0, { deadlineMs: 30_000 });
  await Promise.all(sessions.map((session) => session.end()));
});

interface Race {
  readonly url: string;
  readonly session: RawSession;
  readonly call: number;
  random(): number;
}

/** One call, and something that happens to it meanwhile. */
async function raceOne({ url, session, call, random }: Race): Promise<void> {
  const text = `call ${call}`;
  const request = { idText: String(call), name: "progress", values: { steps: 3, name: text }, tokenText: "1" };
  const isModern = random() < 0.4;
  const isCancelled = random() < 0.7;
  const pause = Math.floor(random() * 4);
  const exchange = isModern ? postModern({ ...request, url }) : session.call(request);
  for (let turn = 0; turn < pause; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  if (!isCancelled) return expectWhole(exchange, text);
  if (isModern) return exchange.abort();
  await session.post(cancelOf(request.idText)).answer;
  const { messages } = await exchange.answer;
  // Cancelled in time there is no result; too late, there is its own.
  const results = messages.filter((message) => message.includes('"result"'));
  expect(results.length).toBeLessThanOrEqual(1);
  for (const result of results) expect(resultText(result)).toBe(text);
}

async function expectWhole(exchange: Exchange, text: string): Promise<void> {
  const { messages } = await exchange.answer;
  expect([messages.length, resultText(messages.at(-1) ?? "")]).toEqual([4, text]);
}

test("a modern client that closes its response cancels; a legacy client that goes away does not", async () => {
  const url = product.mcpUrl("host");
  const session = await RawSession.open(url);
  const modern = postModern({ url, idText: "1", name: "hold", values: { name: "modern" } });
  const legacy = session.call({ idText: "1", name: "hold", values: { name: "legacy" } });
  await until("both are in flight", async () => (await callsInFlight()) === 2, { deadlineMs: 30_000 });
  modern.abort();
  await until("one is in flight", async () => (await callsInFlight()) === 1, { deadlineMs: 30_000 });
  legacy.abort();
  expect(await session.textOf("release", { name: "legacy" })).toBe("true");
  await until("none is in flight", async () => (await callsInFlight()) === 0, { deadlineMs: 30_000 });
  await session.end();
});

test("a session that ends takes its calls along, and nobody else's", async () => {
  const url = product.mcpUrl("host");
  const [leaving, staying] = await Promise.all([RawSession.open(url), RawSession.open(url)]);
  const gone = Array.from({ length: 20 }, (_, call) =>
    leaving.call({ idText: "1", name: "hold", values: { name: `gone ${call}` } }),
  );
  const kept = staying.call({ idText: "1", name: "hold", values: { name: "kept" } });
  await until("all are in flight", async () => (await callsInFlight()) === 21, { deadlineMs: 30_000 });
  await leaving.end();
  await until("one is in flight", async () => (await callsInFlight()) === 1, { deadlineMs: 30_000 });
  await staying.textOf("release", { name: "kept" });
  const { messages } = await kept.answer;
  expect(resultText(messages[0] ?? "")).toBe("released kept");
  await Promise.all(gone.map(({ answer }) => answer.catch(() => undefined)));
  await staying.end();
});
