import { expect, test } from "vitest";
import { idOfSkipped } from "./skipped-line.ts";

const skipped = (head: string, tail: string) => ({
  sizeBytes: 1,
  head: Buffer.from(head),
  tail: Buffer.from(tail),
});

test.each([
  ["id before the result", '{"jsonrpc":"2.0","id":5,"result":{"content":[{"text":"aaa', "aaa", 5],
  ["id after the result", '{"result":{"content":[', 'aaa"}]},"jsonrpc":"2.0","id":5}', 5],
  ["id before the version", '{"result":{"content":[', 'aaa"}]}, "id": 5, "jsonrpc": "2.0" }', 5],
  ["no id", '{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"aaa', 'aaa"}}', undefined],
  ["an id inside the result", '{"jsonrpc":"2.0","result":{"id":5,', '"a":{"x":1,"id":5}}}', undefined],
  ["an id inside a string", '{"result":"aaa', String.raw`aaa,\"id\":5}"}`, undefined],
])("%s", (_what, head, tail, id) => {
  expect(idOfSkipped(skipped(head, tail))).toBe(id);
});
