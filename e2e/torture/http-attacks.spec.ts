import { expect, test } from "@playwright/test";
import type { Product } from "../harness/product.ts";
import { until } from "../harness/until.ts";
import { RawSession, toolCall } from "./raw-session.ts";
import { openRawSocket, requestText } from "./raw-socket.ts";
import { startTortured, tortureServer } from "./torture-product.ts";

let product: Product;
let session: RawSession;
let url: string;
let host: string;
test.beforeAll(async () => {
  product = await startTortured([tortureServer("host")]);
  url = product.mcpUrl("host");
  ({ host } = new URL(url));
  session = await RawSession.open(url);
});
test.afterAll(async () => product?.dispose());
test.afterEach(async () => {
  // Whatever was tried: the next client is served, and nothing of the attack reached the server.
  expect(await session.textOf("echo", { text: "still here" })).toBe("still here");
});

const call = (text: string) => toolCall({ idText: "1", name: "echo", values: { text } });

function headerLines(): string[] {
  return [`host: ${host}`, ...Object.entries(session.headers).map(([name, value]) => `${name}: ${value}`)];
}

/** A well-formed call. */
function callText(text: string): string {
  const body = call(text);
  return requestText({ target: "/mcp/host", lines: [...headerLines(), `content-length: ${body.length}`], body });
}

/** One attempt on a connection of its own; gives the statuses and whether a tool's text came back. */
async function attempt(text: string | Buffer, answers = 1) {
  const socket = await openRawSocket(url);
  socket.write(text);
  const statuses = await socket.statuses(answers);
  socket.socket.destroy();
  return { statuses, hasResult: socket.received().includes('"result"') };
}

test("pipelined requests on one connection are answered in their order, whole", async () => {
  const socket = await openRawSocket(url);
  const texts = Array.from({ length: 50 }, (_, index) => `pipelined ${index}`);
  socket.write(texts.map(callText).join(""));
  expect(await socket.statuses(50)).toEqual(texts.map(() => 200));
  await until("all bodies have come", () => socket.received().includes(`pipelined 49`), { deadlineMs: 30_000 });
  const places = texts.map((text) => socket.received().indexOf(`"${text}"`));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  socket.socket.destroy();
});

test("pipelined requests cut at every byte are answered as well", async () => {
  const socket = await openRawSocket(url);
  for (const byte of Buffer.from(callText("one") + callText("two"))) {
    socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await socket.statuses(2)).toEqual([200, 200]);
  socket.socket.destroy();
});

test("uploads that break off reach nobody", async () => {
  const body = call("x".repeat(1_000_000));
  const head = requestText({ target: "/mcp/host", lines: [...headerLines(), `content-length: ${body.length}`] });
  for (let at = 0; at < 50; at += 1) {
    const socket = await openRawSocket(url);
    socket.write(head + body.slice(0, at * 10_000));
    socket.socket.destroy();
  }
  const inFlight = async () => {
    const runId = (await product.api.server("host")).run?.id ?? "";
    return (await product.api.run(runId)).callsInFlight.length;
  };
  await until("nothing is in flight", async () => (await inFlight()) === 0, { deadlineMs: 30_000 });
});

for (const [name, lines] of [
  ["a foreign Host", ["host: evil.example"]],
  ["no Host", []],
  ["two Hosts", ["host: 127.0.0.1", "host: evil.example"]],
  ["a Host that begins like ours", ["host: 127.0.0.1.evil.example"]],
  ["a Host with a user", ["host: 127.0.0.1@evil.example"]],
] as const) {
  test(`${name} is refused`, async () => {
    const body = call("attack");
    const others = headerLines().filter((line) => !line.startsWith("host:"));
    const text = requestText({
      target: "/mcp/host",
      lines: [...lines, ...others, `content-length: ${body.length}`],
      body,
    });
    const { statuses, hasResult } = await attempt(text);
    expect([statuses[0] !== undefined && statuses[0] >= 400, hasResult]).toEqual([true, false]);
  });
}

for (const origin of [
  "http://evil.example",
  "null",
  "http://127.0.0.1.evil.example",
  "http://localhost@evil.example",
  "file://",
  "http://evil.example, http://127.0.0.1",
]) {
  test(`the origin ${origin} is refused`, async () => {
    const body = call("attack");
    const lines = [...headerLines(), `origin: ${origin}`, `content-length: ${body.length}`];
    const { statuses, hasResult } = await attempt(requestText({ target: "/mcp/host", lines, body }));
    expect([statuses, hasResult]).toEqual([[403], false]);
  });
}

/** What two HTTP parsers could read in two ways: none of it may run as a call, and no second request may hide in the first. */
const hidden = "GET /healthz HTTP/1.1\\r\\nhost: 127.0.0.1\\r\\n\\r\\n".replaceAll("\\r\\n", "\r\n");
for (const [name, lines] of [
  ["Transfer-Encoding and Content-Length", ["transfer-encoding: chunked", "content-length: 5"]],
  ["two Content-Lengths that differ", ["content-length: 0", "content-length: 44"]],
  ["a list of Content-Lengths", ["content-length: 0, 44"]],
  ["a signed Content-Length", ["content-length: +44"]],
  ["a Content-Length in hexadecimal", ["content-length: 0x2c"]],
  ["a negative Content-Length", ["content-length: -1"]],
  ["an unknown Transfer-Encoding", ["transfer-encoding: xchunked"]],
  ["chunked that is not last", ["transfer-encoding: chunked, identity"]],
  ["a space before the colon", ["transfer-encoding : chunked"]],
  ["a folded header", ["x-folded: one", " transfer-encoding: chunked"]],
  ["a null byte in a header", ["x-null: a\u0000b"]],
  ["a bare CR in a header", ["x-bare: a\rtransfer-encoding: chunked"]],
  ["a header name with a null byte", ["x\u0000y: 1"]],
  ["a header without a colon", ["nonsense"]],
] as const) {
  test(`${name}: refused, and nothing hides behind it`, async () => {
    const text = requestText({ target: "/mcp/host", lines: [...headerLines(), ...lines], body: `0\r\n\r\n${hidden}` });
    const socket = await openRawSocket(url);
    socket.write(text);
    const statuses = await socket.statuses(1);
    expect(statuses.every((status) => status >= 400)).toBe(true);
    // The connection is not used again: what follows is not trusted.
    await socket.closed();
    expect(socket.received()).not.toContain("HTTP/1.1 200");
  });
}

test("chunk sizes that are no sizes are refused", async () => {
  for (const size of ["-1", "0x5", "FFFFFFFFFFFFFFFFFF", "5;a\u0000b", "g"]) {
    const lines = [...headerLines(), "transfer-encoding: chunked"];
    const socket = await openRawSocket(url);
    socket.write(requestText({ target: "/mcp/host", lines, body: `${size}\r\nhello\r\n0\r\n\r\n` }));
    const received = await socket.closed();
    expect([size, received.includes("HTTP/1.1 200")]).toEqual([size, false]);
  }
});

test("headers over 16 KB are refused", async () => {
  const { statuses } = await attempt(
    requestText({ target: "/mcp/host", lines: [...headerLines(), `x-long: ${"x".repeat(20_000)}`] }),
  );
  expect(statuses).toEqual([431]);
});

test("thousands of headers are refused or ignored, and cost nothing", async () => {
  const body = call("many headers");
  const many = Array.from({ length: 3_000 }, () => "a:");
  const lines = [...headerLines(), `content-length: ${body.length}`, ...many];
  const { statuses } = await attempt(requestText({ target: "/mcp/host", lines, body }));
  expect(statuses).toHaveLength(1);
});

test("a session's id twice is refused", async () => {
  const body = call("attack");
  const lines = [...headerLines(), `mcp-session-id: other`, `content-length: ${body.length}`];
  const { statuses, hasResult } = await attempt(requestText({ target: "/mcp/host", lines, body }));
  expect([statuses[0] !== undefined && statuses[0] >= 400, hasResult]).toEqual([true, false]);
});

for (const target of [
  "/mcp/host%00",
  "/mcp/host/../other",
  "/mcp/%2e%2e/api/v1/servers",
  "/mcp/host%2f..%2fx",
  "//evil.example/mcp/host",
  "/mcp/" + "x".repeat(4_000),
  "http://evil.example/mcp/host",
]) {
  test(`the target ${target.slice(0, 40)} reaches no server`, async () => {
    const body = call("attack");
    const lines = [...headerLines(), `content-length: ${body.length}`];
    const { statuses, hasResult } = await attempt(requestText({ target, lines, body }));
    expect([statuses[0] !== undefined && statuses[0] >= 400, hasResult]).toEqual([true, false]);
  });
}

for (const [name, body] of [
  ["not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
  ["a null byte", Buffer.from("\0")],
  ["an array of calls", Buffer.from(`[${call("batch")}]`)],
  ["an id twice", Buffer.from(call("twice").replace('"id":1', '"id":1,"id":2'))],
  ["an id twice, once in disguise", Buffer.from(call("twice").replace('"id":1', '"id":1,"\\u0069d":2'))],
  ["deep nesting", Buffer.from(`{"a":${"[".repeat(100_000)}`)],
  ["nothing", Buffer.alloc(0)],
] as const) {
  test(`a body with ${name} gets a JSON-RPC error`, async () => {
    const { status, messages } = await session.post(body).answer;
    expect([status, JSON.parse(messages[0] ?? "{}").error?.code]).toEqual([400, expect.any(Number)]);
  });
}
