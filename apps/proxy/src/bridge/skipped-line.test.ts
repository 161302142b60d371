import { expect, test } from "vitest";
import { idOfSkipped, type SkippedLine } from "./skipped-line.ts";

interface Case {
  readonly what: string;
  readonly head: string;
  readonly tail: string;
  readonly id: number | undefined;
}

test.each<Case>([
  { what: "id before the result", head: '{"jsonrpc":"2.0","id":5,"result":{"content":["aaa', tail: "aaa", id: 5 },
  { what: "id after the result", head: '{"result":{"content":[', tail: 'aaa"}]},"jsonrpc":"2.0","id":5}', id: 5 },
  { what: "id before the version", head: '{"result":{"a":[', tail: 'a"}]}, "id": 5, "jsonrpc": "2.0" }', id: 5 },
  { what: "no id", head: '{"jsonrpc":"2.0","method":"x","params":{"data":"aaa', tail: 'aaa"}}', id: undefined },
  { what: "an id inside the result", head: '{"result":{"id":5,', tail: '"a":{"x":1,"id":5}}}', id: undefined },
  { what: "an id inside a string", head: '{"result":"aaa', tail: String.raw`aaa,\"id\":5}"}`, id: undefined },
])("$what", ({ head, tail, id }) => {
  const line: SkippedLine = { sizeBytes: 1, head: Buffer.from(head), tail: Buffer.from(tail) };
  expect(idOfSkipped(line)).toBe(id);
});
