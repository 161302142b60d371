import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanMessage, spanText, type Message } from "./scan-message.ts";

const scan = (text: string): Message => scanMessage(Buffer.from(text));

function idText(message: Message): string | undefined {
  return message.kind === "request" || message.kind === "response" ? spanText(message.bytes, message.id) : undefined;
}

describe("kinds of messages", () => {
  test.each([
    ['{"jsonrpc":"2.0","id":1,"method":"ping"}', "request", "1"],
    ['{"jsonrpc":"2.0","id":"a\\"b","method":"ping"}', "request", '"a\\"b"'],
    ['{"jsonrpc":"2.0","id":-1.5e3,"method":"ping"}', "request", "-1.5e3"],
    ['{"jsonrpc":"2.0","method":"notifications/initialized"}', "notification", undefined],
    ['{"result":{"id":9},"jsonrpc":"2.0","id":7}', "response", "7"],
    ['{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}}', "response", "7"],
    ['{"\\u0069d":3,"jsonrpc":"2.0","method":"ping"}', "request", "3"],
  ])("%s is a %s", (text, kind, id) => {
    const message = scan(text);
    expect(message.kind).toBe(kind);
    expect(idText(message)).toBe(id);
  });

  test.each([
    ["hello", "parse"],
    ["", "parse"],
    ["{", "parse"],
    ['{"jsonrpc":"2.0","id":1,"method":"ping"} x', "parse"],
    ['{"jsonrpc":"2.0","id":01,"method":"ping"}', "parse"],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', "parse"],
    ["null", "parse"],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', "request"],
    ['{"id":1,"method":"ping"}', "request"],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', "request"],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', "request"],
    ['{"jsonrpc":"2.0","id":1,"method":5}', "request"],
    ['{"jsonrpc":"2.0","id":1}', "request"],
    ['{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', "request"],
    ['{"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"progressToken":1,"progressToken":2}}}', "request"],
  ])("%s is refused (%s)", (text, problem) => {
    expect(scan(text)).toMatchObject({ kind: "invalid", problem });
  });

  test("a message that is cut anywhere is refused", () => {
    const whole = '{"jsonrpc":"2.0","id":-1.5e3,"result":[true,false,null,{"a\\u0041":"b"}]}';
    for (let length = 0; length < whole.length; length += 1)
      expect(scan(whole.slice(0, length)), whole.slice(0, length)).toMatchObject({ kind: "invalid", problem: "parse" });
  });

  test("text that is not UTF-8 is refused", () => {
    const bytes = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","method":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    expect(scanMessage(bytes)).toMatchObject({ kind: "invalid", problem: "parse" });
  });

  test("nesting beyond the bound is refused, not a stack overflow", () => {
    const deep = `{"jsonrpc":"2.0","method":"x","params":{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`;
    expect(scan(deep)).toMatchObject({ kind: "invalid", reason: expect.stringContaining("nested too deeply") });
  });
});

test("line breaks between tokens become spaces, so that the message stays one line", () => {
  const message = scan('{\r\n"jsonrpc": "2.0",\n"id": 1, "method": "a\\nb"}');
  expect(message.bytes.toString()).toBe('{  "jsonrpc": "2.0", "id": 1, "method": "a\\nb"}');
});

test("routing values are found where the protocol has them, and only there", () => {
  const message = scan(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{"progressToken":9,"name":"no","_meta":{"progressToken":8}},"name":"echo","_meta":{"progressToken":"t"}}}',
  );
  if (message.kind !== "request" || message.progressToken === undefined || message.name === undefined)
    throw new Error("not found");
  expect(spanText(message.bytes, message.progressToken)).toBe('"t"');
  expect(spanText(message.bytes, message.name)).toBe('"echo"');
});

test("accepts exactly what JSON.parse accepts, for any JSON object", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 1, "\t"), (params, indent) => {
      const text = JSON.stringify({ jsonrpc: "2.0", method: "m", params }, undefined, indent);
      expect(scan(text).kind).toBe("notification");
    }),
  );
});

test("refuses whatever JSON.parse refuses, for any damage of one byte", () => {
  const valid = JSON.stringify({
    jsonrpc: "2.0",
    id: 12,
    method: "m",
    params: { a: [1, -2.5e-7, "x\\u00e9\n", true, null, {}], "": [] },
  });
  fc.assert(
    fc.property(fc.nat(valid.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (at, code) => {
      const damaged = valid.slice(0, at) + String.fromCharCode(code) + valid.slice(at + 1);
      const message = scan(damaged);
      expect(message.kind === "invalid" && message.problem === "parse").toBe(!isJson(damaged));
    }),
    { numRuns: 2_000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
