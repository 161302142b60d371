import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keepElements, readListResult } from "./list-elements.ts";

const answer = Buffer.from(
  `{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a","n":1e400}, {"x":[{"name":"no"}],"name":"b"} ],"nextCursor":"c","_meta":{}}}`,
);

describe("the elements of a list", () => {
  test("are found with their names, whatever else is in them", () => {
    const found = readListResult(answer, "tools");
    expect(found?.elements.map(({ key }) => key)).toEqual(["a", "b"]);
    expect(found?.nextCursor).toBe("c");
  });

  test("are no elements where there is no list", () => {
    expect(readListResult(Buffer.from(`{"id":1,"error":{"code":1,"message":"x"}}`), "tools")).toBeUndefined();
    expect(readListResult(Buffer.from(`{"id":1,"result":{"tools":3}}`), "tools")?.elements).toEqual([]);
    expect(readListResult(Buffer.from(`{"id":1,"result":{"tools":[`), "tools")).toBeUndefined();
  });

  test("that stay are as they were, to the byte", () => {
    const kept = keepElements(answer, "tools", (key) => key === "a").toString();
    expect(kept).toBe(
      `{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a","n":1e400}],"nextCursor":"c","_meta":{}}}`,
    );
    expect(keepElements(answer, "tools", () => true)).toBe(answer);
    expect(keepElements(answer, "tools", () => false).toString()).toContain(`"tools":[],`);
  });

  test("are the same as after parsing, for any tools", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ name: fc.string(), extra: fc.jsonValue() })), (tools) => {
        const bytes = Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, result: { tools } }));
        const kept = keepElements(bytes, "tools", (key) => key.length % 2 === 0);
        const expected = tools.filter(({ name }) => name.length % 2 === 0);
        expect(JSON.parse(kept.toString()).result.tools).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
    );
  });
});
