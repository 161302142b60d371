import fc from "fast-check";
import { expect, test } from "vitest";
import { isBatch, splitBatch } from "./split-batch.ts";

test("every array of JSON is cut into its elements, whatever is in them", () => {
  const indent = fc.constantFrom(undefined, 1, "\t");
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), indent, (elements, space) => {
      const body = Buffer.from(` \n${JSON.stringify(elements, undefined, space)}\r\n`);
      expect(isBatch(body)).toBe(true);
      const parts = splitBatch(body)?.map((part): unknown => JSON.parse(part.toString()));
      expect(parts).toEqual(JSON.parse(JSON.stringify(elements)));
    }),
  );
});

test.each(["[", "[1", "[1]]", "[1] 2", "[{]", '["', "[[]", "[1][2]"])("%s is no whole array", (text) => {
  expect(splitBatch(Buffer.from(text))).toBeUndefined();
});

test.each(["{}", " 1", "", '"["'])("%s is no batch", (text) => {
  expect(isBatch(Buffer.from(text))).toBe(false);
});
