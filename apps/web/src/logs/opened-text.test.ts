import { expect, test } from "vitest";
import { openedText, opensOn } from "./opened-text.ts";

test.each([
  ['{"a":{"b":1}}', "everywhere"],
  ["[1, 2]", "everywhere"],
  ["{no json}", "nowhere"],
  ["x".repeat(100), "phones"],
  ["x".repeat(400), "everywhere"],
])("%j opens %s", (text, where) => {
  expect(opensOn(text)).toBe(where);
});

test("opened JSON has its members below each other; other text loses its colours only", () => {
  expect(openedText('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(openedText(String.raw`\u001b[31mred\u001b[0m {`)).toBe("red {");
});
