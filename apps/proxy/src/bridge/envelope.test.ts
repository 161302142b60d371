import { describe, expect, test } from "vitest";
import { envelopeMembers, metaKeys, withMetaMembers, withoutEnvelope } from "./envelope.ts";
import { asModernAnswer } from "./modern-result.ts";
import { replaceSpans } from "./replace-spans.ts";
import { scanMessage, type RequestMessage, type ResponseMessage } from "./scan-message.ts";

/** The same numbers in each run: a failure can be looked at. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const envelopeKeys = [metaKeys.protocolVersion, metaKeys.clientInfo, metaKeys.clientCapabilities, metaKeys.logLevel];
const otherKeys = ["progressToken", "traceparent", "io.modelcontextprotocol/other", 'a"b', "é/ö", ""];
const values = ['"x"', "{}", '{"a":[1,{"b":"}"}]}', "null", "-1.5e3", '"\\"},{"', "[ ]"];

/** An object of some of these members, in any order and with any space between them. */
function randomObject(keys: readonly string[], random: () => number): string {
  const space = (): string => " \t\n".slice(0, Math.floor(random() * 4));
  const chosen = keys.filter(() => random() < 0.5).toSorted(() => random() - 0.5);
  const members = chosen.map(
    (key) =>
      `${space()}${JSON.stringify(key)}${space()}:${space()}${values[Math.floor(random() * values.length)] ?? ""}${space()}`,
  );
  return `{${space()}${members.join(",")}}`;
}

function request(text: string): RequestMessage {
  const message = scanMessage(Buffer.from(text));
  if (message.kind !== "request") throw new Error(`${message.kind}: ${text}`);
  return message;
}

function response(text: string): ResponseMessage {
  const message = scanMessage(Buffer.from(text));
  if (message.kind !== "response") throw new Error(`${message.kind}: ${text}`);
  return message;
}

interface Parsed {
  params?: { _meta?: Record<string, unknown> };
  result?: Record<string, unknown> & { _meta?: Record<string, unknown> };
}

function parse(bytes: Buffer): Parsed {
  return JSON.parse(bytes.toString());
}

describe("for any _meta", () => {
  const random = randomNumbers(7);
  const metas = Array.from({ length: 500 }, () => randomObject([...envelopeKeys, ...otherKeys], random));

  test("the envelope goes, and every other member stays", () => {
    for (const meta of metas) {
      const message = request(`{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"_meta":${meta},"z":[]}}`);
      const expected: Record<string, unknown> = JSON.parse(meta);
      for (const key of envelopeKeys) delete expected[key];
      const { params } = parse(replaceSpans(message.bytes, withoutEnvelope(message)));
      expect(params, meta).toEqual({ a: 1, _meta: expected, z: [] });
    }
  });

  test("members are added beside those that are there", () => {
    const envelope = envelopeMembers({ capabilities: { roots: {} }, clientInfo: undefined }, "info");
    for (const meta of metas) {
      const message = request(`{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":${meta}}}`);
      const { params } = parse(replaceSpans(message.bytes, [withMetaMembers(message, `"own":1`)]));
      expect(params?._meta, meta).toEqual({ own: 1, ...JSON.parse(meta) });
    }
    expect(JSON.parse(`{${envelope}}`)).toEqual({
      [metaKeys.protocolVersion]: "2026-07-28",
      [metaKeys.clientCapabilities]: { roots: {} },
      [metaKeys.logLevel]: "info",
    });
  });
});

test("for any result, what it says stays, and only what is missing is added", () => {
  const random = randomNumbers(11);
  const serverInfo = { name: "s", version: "1" };
  for (let round = 0; round < 500; round += 1) {
    const inner = randomObject(["content", "isError", "resultType", "ttlMs", "cacheScope", "é"], random);
    const meta = random() < 0.5 ? `"_meta":${randomObject([metaKeys.serverInfo, "own"], random)}` : "";
    const isEmpty = Object.keys(JSON.parse(inner)).length === 0;
    const text = meta === "" ? inner : `{${meta}${isEmpty ? "" : ","}${inner.slice(1)}`;
    const message = response(`{"result":${text},"id":1,"jsonrpc":"2.0"}`);
    const edits = asModernAnswer(message, { method: "tools/list", serverInfoText: JSON.stringify(serverInfo) });
    const original: NonNullable<Parsed["result"]> = JSON.parse(text);
    expect(parse(replaceSpans(message.bytes, edits)).result, text).toEqual({
      resultType: "complete",
      ttlMs: 0,
      cacheScope: "private",
      ...original,
      _meta: { [metaKeys.serverInfo]: serverInfo, ...original._meta },
    });
  }
});

test("a result that is no object, and an error, stay as they are", () => {
  for (const text of [
    '{"jsonrpc":"2.0","id":1,"result":7}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":""}}',
  ])
    expect(asModernAnswer(response(text), { method: "tools/call", serverInfoText: "{}" })).toEqual([]);
});

test("a protocol key that stands twice is refused: readers disagree which one counts", () => {
  const twice = `"${metaKeys.protocolVersion}":"2026-07-28","${metaKeys.protocolVersion}":"2025-11-25"`;
  const message = scanMessage(Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{${twice}}}}`));
  expect(message).toMatchObject({ kind: "invalid", problem: "request" });
});
