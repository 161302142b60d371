import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineFramer } from "./line-framer.ts";

function frame(chunks: readonly Buffer[], maxLineBytes = 1_000): { lines: string[]; tooLong: number[] } {
  const lines: string[] = [];
  const tooLong: number[] = [];
  const framer = createLineFramer({
    maxLineBytes,
    onLine: (line) => lines.push(line.toString()),
    onLineTooLong: ({ sizeBytes }) => tooLong.push(sizeBytes),
  });
  for (const chunk of chunks) framer.push(chunk);
  framer.end();
  return { lines, tooLong };
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

test("any split of the bytes gives the same lines, also inside a character", () => {
  const text = fc.array(fc.string({ unit: "grapheme" }).map((line) => line.replaceAll(/[\r\n]/g, "")));
  fc.assert(
    fc.property(text, fc.array(fc.nat()), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      expect(frame(split(bytes, cuts)).lines).toEqual(lines.filter((line) => line !== ""));
    }),
  );
});

test("a line over the bound is skipped and told once, the next one comes", () => {
  const bytes = Buffer.from(`${"a".repeat(11)}\nok\n${"b".repeat(30)}\n`);
  for (let size = 1; size <= bytes.length; size += 1) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    expect(frame(chunks, 10)).toEqual({ lines: ["ok"], tooLong: [11, 30] });
  }
});

test("of a skipped line both ends are kept, however it was cut", () => {
  const line = `{"id":1,${"a".repeat(500)},"id":2}`;
  for (const size of [1, 7, 100, 1_000]) {
    const ends: string[] = [];
    const framer = createLineFramer({
      maxLineBytes: 50,
      onLine: () => undefined,
      onLineTooLong: ({ head, tail }) => ends.push(head.toString(), tail.toString()),
    });
    const bytes = Buffer.from(`${line}\n`);
    for (let start = 0; start < bytes.length; start += size) framer.push(bytes.subarray(start, start + size));
    const [head = "", tail = ""] = ends;
    expect(line.startsWith(head)).toBe(true);
    expect([head.length > 40, tail]).toEqual([true, line.slice(-128)]);
  }
});

test("CRLF ends a line like LF, and a last line needs no line break", () => {
  expect(frame([Buffer.from("one\r\n\r\ntwo")]).lines).toEqual(["one", "two"]);
});
