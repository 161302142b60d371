import { once } from "node:events";
import { Agent } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, test } from "@playwright/test";
import type { Product } from "../harness/product.ts";
import { until } from "../harness/until.ts";
import { RawSession, rawIdOf, resultText } from "./raw-session.ts";
import { startTortured, tortureServer } from "./torture-product.ts";

let product: Product;
test.beforeEach(async () => {
  product = await startTortured([tortureServer("host")]);
});
test.afterEach(async () => product?.dispose());

const listChanged = `{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}`;

test("list_changed reaches every session's stream, each the same number of times", async () => {
  const url = product.mcpUrl("host");
  const sessions = await Promise.all(Array.from({ length: 40 }, () => RawSession.open(url)));
  const streams = sessions.map((session) => session.listen());
  await Promise.all(streams.map(({ opened }) => opened));
  await sessions[0]?.textOf("change", { count: 100 });
  const heard = () => streams.map(({ messages }) => messages.length);
  await until("all heard 100", () => heard().every((count) => count >= 100), { deadlineMs: 30_000 });
  expect(heard()).toEqual(sessions.map(() => 100));
  for (const { messages } of streams) expect(new Set(messages)).toEqual(new Set([listChanged]));
  for (const stream of streams) stream.abort();
  await Promise.all(sessions.map((session) => session.end()));
});

test("two sessions whose calls both ask are never given each other's question", async () => {
  const url = product.mcpUrl("host");
  const capabilities = { sampling: {} };
  const sessions = await Promise.all(["a", "b"].map(() => RawSession.open(url, { capabilities })));
  const asked: string[] = [];
  const outcomes = sessions.flatMap((session, of) =>
    Array.from({ length: 50 }, async () => {
      const answerQuestion = (message: string): void => {
        if (!message.includes('"sampling/createMessage"')) return;
        asked.push(message);
        expect(message).toContain(`"text":"session ${of}"`);
        session.post(`{"jsonrpc":"2.0","id":${rawIdOf(message)},"result":{"from":"session ${of}"}}`);
      };
      const values = { prompt: `session ${of}` };
      const { messages } = await session.call({ idText: "1", name: "ask", values, onMessage: answerQuestion }).answer;
      return resultText(messages.at(-1) ?? "");
    }).map(async (outcome) => expect(await outcome).toMatch(new RegExp(`session ${of}|it is unclear whose it is`))),
  );
  await Promise.all(outcomes);
  // Alone, it is clear whose the question is.
  const [alone] = sessions;
  const before = asked.length;
  const { answer } = alone?.call({
    idText: '"q"',
    name: "ask",
    values: { prompt: "alone" },
    onMessage: (message) => {
      if (!message.includes('"sampling/createMessage"')) return;
      asked.push(message);
      alone.post(`{"jsonrpc":"2.0","id":${rawIdOf(message)},"result":{"from":"alone"}}`);
    },
  }) ?? { answer: undefined };
  expect(resultText((await answer)?.messages.at(-1) ?? "")).toContain("alone");
  expect(asked.length).toBe(before + 1);
  await Promise.all(sessions.map((session) => session.end()));
});

test("1,000 sessions at once all work; one more takes the place of the one that was idle longest", async () => {
  const url = product.mcpUrl("host");
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const sessions = await Promise.all(Array.from({ length: 1_000 }, () => RawSession.open(url, { agent })));
  const texts = await Promise.all(sessions.map((session, of) => session.textOf("echo", { text: `s${of}` })));
  expect(texts).toEqual(sessions.map((_, of) => `s${of}`));
  const [first] = sessions;
  const more = await RawSession.open(url, { agent });
  expect(await more.textOf("echo", { text: "more" })).toBe("more");
  expect(sessions.length).toBe(1_000);
  const answers = await Promise.all(
    sessions.map(async (session) => (await session.post(`{"jsonrpc":"2.0","id":1,"method":"ping"}`).answer).status),
  );
  expect(answers.filter((status) => status === 404)).toHaveLength(1);
  expect(first).toBeDefined();
  agent.destroy();
});

test("readers that do not read keep nobody waiting, and their streams end", async () => {
  const url = product.mcpUrl("host");
  const busy = await RawSession.open(url);
  const slow = await RawSession.open(url);
  const stream = send(slow, "GET", "").pause();
  const sockets = Array.from({ length: 4 }, () => callWithoutReading(slow, 30 * 2 ** 20));
  for (let call = 0; call < 200; call += 1) expect(await busy.textOf("echo", { text: `${call}` })).toBe(`${call}`);
  // 64 MB for a reader that takes none of it.
  for (let part = 0; part < 32; part += 1) await busy.textOf("change", { count: 2_000, paddingBytes: 1_000 });
  expect(await busy.textOf("echo", { text: "still here" })).toBe("still here");
  let readBytes = 0;
  stream.on("data", (chunk) => (readBytes += chunk.length)).on("error", () => undefined);
  const closed = once(stream, "close");
  stream.resume();
  await closed;
  expect(readBytes).toBeLessThan(48 * 2 ** 20);
  for (const socket of sockets) socket.destroy();
  await busy.end();
});

/** Asks for a large answer and takes none of it. */
function callWithoutReading(session: RawSession, bytes: number): Socket {
  const params = JSON.stringify({ name: "big", arguments: { bytes } });
  return send(session, "POST", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`).pause();
}

function send({ url, headers }: RawSession, method: string, body: string): Socket {
  const { hostname, port, host, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const fields = Object.entries({ host, ...headers, "content-length": String(Buffer.byteLength(body)) });
  socket.write(
    `${method} ${pathname} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`,
  );
  return socket;
}
