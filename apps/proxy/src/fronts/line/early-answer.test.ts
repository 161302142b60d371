import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createEarlyAnswer } from "./early-answer.ts";

const handshake = {
  protocolVersion: "2025-06-18",
  result: { protocolVersion: "2025-06-18", serverInfo: { name: "s" }, capabilities: {} },
};
const line = (message: object): string => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const initialize = (id: unknown, protocolVersion: unknown = "2025-11-25") =>
  line({ id, method: "initialize", params: { protocolVersion, capabilities: {} } });

async function converse(fromClient: readonly string[], fromService: readonly string[]) {
  const answers: string[] = [];
  const early = createEarlyAnswer(handshake, (answer) => answers.push(answer.toString()));
  const through = (texts: readonly string[]) => Readable.from(texts.map((text) => Buffer.from(text)));
  const passed = await buffer(through(fromClient).pipe(early.fromClient));
  const shown = await buffer(through(fromService).pipe(early.fromService));
  return {
    answers: answers.map((text): unknown => JSON.parse(text)),
    passed: passed.toString(),
    shown: shown.toString(),
  };
}

test("answers the first initialize, passes it on, and keeps back the answer that comes to it later", async () => {
  const words = initialize("i");
  const rest = `${line({ method: "notifications/x" })}${line({ id: "i", result: {} })}${line({ id: 2, result: { a: 1 } })}tail`;
  const { answers, passed, shown } = await converse(
    [words.slice(0, 9), words.slice(9), "more"],
    rest.split(/(?=[{:])/),
  );
  expect(answers).toEqual([
    { jsonrpc: "2.0", id: "i", result: { ...handshake.result, protocolVersion: "2025-06-18" } },
  ]);
  expect(passed).toBe(`${words}more`);
  expect(shown).toBe(`${line({ method: "notifications/x" })}${line({ id: 2, result: { a: 1 } })}tail`);
});

test.each([
  ["a request of another kind", line({ id: 1, method: "tools/list" })],
  ["no version", initialize(1, 5)],
  ["an id that is none", initialize(null)],
  ["an id that a number cannot hold", initialize(1).replace('"id":1', '"id":12345678901234567890')],
  ["no JSON", "{\n"],
  ["no end", "x".repeat(100_000)],
])("leaves everything to the service for %s", async (_, words) => {
  const said = line({ id: 1, result: {} });
  expect(await converse([words], [said])).toEqual({ answers: [], passed: words, shown: said });
});
