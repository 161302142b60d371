import fc from "fast-check";
import { expect, test } from "vitest";
import { wrapLines } from "./wrap-lines.ts";

const terminal = { columns: 30, write: () => true };

test.each([
  ["short", "short"],
  ["  a line that is a bit longer than that", "  a line that is a bit longer\n  than that"],
  [`one ${"x".repeat(40)} two`, `one\n${"x".repeat(30)}\n${"x".repeat(10)} two`],
  ["", ""],
])("%j is wrapped", (text, wrapped) => expect(wrapLines(text, { terminal })).toBe(wrapped));

test("nothing is lost, and nothing is wider than the terminal", () => {
  // No deep indents: below 20 columns the text keeps its width.
  const line = fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 200 }).map((text) => text.trimStart());
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
      const wrapped = wrapLines(lines.join("\n"), { terminal });
      expect(wrapped.replaceAll(/\s/g, "")).toBe(lines.join("").replaceAll(/\s/g, ""));
      expect(Math.max(...wrapped.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(30);
    }),
  );
});

test("what goes into a file stays whole", () => {
  const long = "word ".repeat(50);
  expect(wrapLines(long, {})).toBe(long);
});
