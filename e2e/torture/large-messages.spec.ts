import { expect, test } from "@playwright/test";
import { ensureTestImage } from "../harness/global-setup.ts";
import type { Product } from "../harness/product.ts";
import { openLineClient } from "./line-client.ts";
import { RawSession, postModern, resultText, toolCall } from "./raw-session.ts";
import { containedTortureServer, startTortured, tortureServer } from "./torture-product.ts";

let product: Product;
test.beforeAll(async () => {
  await ensureTestImage();
  product = await startTortured([tortureServer("host"), containedTortureServer("contained")]);
});
test.afterAll(async () => product?.dispose());

const mebibyte = 2 ** 20;

for (const server of ["host", "contained"]) {
  for (const megabytes of [1, 10, 60]) {
    test(`${server}: an answer of ${megabytes} MB arrives whole`, async () => {
      const session = await RawSession.open(product.mcpUrl(server));
      const text = await session.textOf("big", { bytes: megabytes * mebibyte });
      expect(text.length).toBe(16 * Math.floor((megabytes * mebibyte) / 17));
      expect(text.slice(-16)).toBe("0123456789abcdeé");
      await session.end();
    });
  }

  for (const megabytes of [1, 10]) {
    test(`${server}: a request of ${megabytes} MB arrives whole`, async () => {
      const session = await RawSession.open(product.mcpUrl(server));
      const text = `begi${"é".repeat((megabytes * mebibyte) / 2)}ends`;
      expect(await session.textOf("length", { text })).toBe(`${text.length} begi ends`);
      await session.end();
    });
  }
}

test("a request of 60 MB is refused over HTTP with the bound, and the session goes on", async () => {
  const session = await RawSession.open(product.mcpUrl("host"));
  const request = { idText: "1", name: "length", values: { text: "x".repeat(60 * mebibyte) } };
  // The connection ends before all is sent: the client may see the answer, or a reset.
  const answer = await session.call(request).answer.catch(() => undefined);
  if (answer !== undefined)
    expect([answer.status, answer.messages.join("")]).toEqual([413, expect.stringContaining("-32001")]);
  expect(await session.textOf("echo", { text: "goes on" })).toBe("goes on");
  await session.end();
});

test("60 MB go both ways over lines", async () => {
  const client = openLineClient(product, "host");
  await client.initialize();
  const text = `begi${"x".repeat(60 * mebibyte)}ends`;
  const up = await client.send(toolCall({ idText: '"up"', name: "length", values: { text } }));
  expect(resultText(up)).toBe(`${text.length} begi ends`);
  const down = await client.send(toolCall({ idText: '"down"', name: "big", values: { bytes: 60 * mebibyte } }));
  expect(resultText(down).slice(-16)).toBe("0123456789abcdeé");
  await client.close();
});

test("an answer over the bound of a line fails its call, and nothing else", async () => {
  const session = await RawSession.open(product.mcpUrl("host"));
  const held = session.call({ idText: '"held"', name: "hold", values: { name: "beside" } });
  const { code } = JSON.parse(await session.textOf("big", { bytes: 70 * mebibyte }));
  expect(code).toBe(-32001);
  await session.textOf("release", { name: "beside" });
  expect(resultText((await held.answer).messages[0] ?? "")).toBe("released beside");
  await session.end();
});

test("UTF-8 that comes byte by byte is whole, in each encoding length and both eras", async () => {
  const url = product.mcpUrl("host");
  const session = await RawSession.open(url);
  const text = "aé€😀\u0000\u2028\ud83d".repeat(20);
  // One after the other: the server itself would mix the bytes of two.
  const modern = await postModern({ url, idText: '"é"', name: "dribble", values: { text } }).answer;
  expect(resultText(modern.messages[0] ?? "")).toBe(text);
  const legacy = await session.call({ idText: '"€"', name: "dribble", values: { text } }).answer;
  expect(resultText(legacy.messages[0] ?? "")).toBe(text);
  await session.end();
});

for (const server of ["host", "contained"]) {
  test(`${server}: 1,000 lines of noise on stdout are skipped and counted`, async () => {
    const session = await RawSession.open(product.mcpUrl(server));
    expect(await session.textOf("noise", { count: 1_000 })).toBe("after the noise");
    await session.end();
  });

  test(`${server}: a crash in mid-call answers every request of every client, once`, async () => {
    const url = product.mcpUrl(server);
    const sessions = await Promise.all(Array.from({ length: 10 }, () => RawSession.open(url)));
    const names = Array.from({ length: 100 }, (_, call) => `held ${call}`);
    const held = names.map((name, call) => {
      const request = { idText: '"same"', name: "hold", values: { name } };
      const session = sessions[call % sessions.length];
      return call % 2 === 0 || session === undefined ? postModern({ ...request, url }) : session.call(request);
    });
    const [first] = sessions;
    // All of them have reached the server.
    await Promise.all(names.map((text) => first?.textOf("echo", { text }) ?? Promise.resolve()));
    const crash = first?.call({ idText: "1", name: "crash" });
    const answers = await Promise.all([...held, ...(crash === undefined ? [] : [crash])].map(({ answer }) => answer));
    for (const { messages } of answers) {
      expect(messages).toHaveLength(1);
      expect(JSON.parse(messages[0] ?? "").error).toMatchObject({ code: -32000, data: { runId: expect.any(String) } });
    }
    await product.api.serverIn(server, "ready");
    expect(await first?.textOf("echo", { text: "again" })).toBe("again");
    await Promise.all(sessions.map((session) => session.end()));
  });
}
