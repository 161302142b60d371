import fc from "fast-check";
import { expect, test } from "vitest";
import { replaceSpans } from "./replace-spans.ts";
import { scanMessage } from "./scan-message.ts";

test("replacing an id and putting it back gives the same bytes, whatever the message holds", () => {
  const id = fc.oneof(fc.string(), fc.integer());
  fc.assert(
    fc.property(id, fc.jsonValue(), (clientId, params) => {
      const bytes = Buffer.from(JSON.stringify({ params: { é: params }, id: clientId, jsonrpc: "2.0", method: "m" }));
      const there = scanMessage(bytes);
      if (there.kind !== "request") throw new Error("a request");
      const back = scanMessage(replaceSpans(bytes, [{ span: there.id, text: "123456789" }]));
      if (back.kind !== "request") throw new Error("a request");
      expect(replaceSpans(back.bytes, [{ span: back.id, text: JSON.stringify(clientId) }]).equals(bytes)).toBe(true);
    }),
  );
});

test("replaces several spans in any order", () => {
  const bytes = Buffer.from("a1b2c");
  const replacements = [
    { span: { start: 3, end: 4 }, text: "zwei" },
    { span: { start: 1, end: 2 }, text: "é" },
  ];
  expect(replaceSpans(bytes, replacements).toString()).toBe("aébzweic");
});
