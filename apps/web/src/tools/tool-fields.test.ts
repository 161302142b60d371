import { describe, expect, test } from "vitest";
import { toolArguments, toolFields } from "./tool-fields.ts";

const schema = {
  type: "object",
  required: ["message", "count", "tags"],
  properties: {
    message: { type: "string", description: "What to say" },
    count: { type: "integer", default: 2 },
    ratio: { type: ["number", "null"] },
    loud: { type: "boolean" },
    level: { enum: ["low", "high", 3] },
    tags: { type: "array", items: { type: "string" } },
    points: { type: "array", items: { type: "number" } },
    options: { type: "object" },
    anything: {},
  },
};
const fields = toolFields(schema);

describe("toolFields", () => {
  test("gives each type of argument its field", () => {
    expect(fields.map(({ name, input }) => `${name} ${input.kind}`)).toEqual([
      "message text",
      "count integer",
      "ratio number",
      "loud switch",
      "level choice",
      "tags lines",
      "points json",
      "options json",
      "anything json",
    ]);
    expect(fields[0]).toMatchObject({ isRequired: true, description: "What to say" });
    expect(fields[1]?.firstText).toBe("2");
  });

  test("a schema without properties has no fields", () => {
    expect(toolFields({})).toEqual([]);
  });
});

describe("toolArguments", () => {
  test("reads what was typed, and leaves out what was not", () => {
    const texts = { message: "hi", count: "3", level: "3", tags: "a\nb", points: "[1,2]", loud: "false" };
    expect(toolArguments(fields, texts)).toEqual({
      ok: true,
      args: { message: "hi", count: 3, level: 3, tags: ["a", "b"], points: [1, 2], loud: false },
    });
  });

  test("an empty text and an empty list can be what is needed", () => {
    expect(toolArguments(fields, { count: "1" })).toEqual({ ok: true, args: { message: "", count: 1, tags: [] } });
  });

  test.each([
    [{ message: "a", tags: "x" }, "count is needed."],
    [{ message: "a", count: "1.5", tags: "x" }, "count is not a whole number."],
    [{ message: "a", count: "1", tags: "x", options: "{" }, "options is not valid JSON."],
    [{ message: "a", count: "1", tags: "x", ratio: "much" }, "ratio is not a number."],
  ])("says what is wrong with %j", (texts, problem) => {
    expect(toolArguments(fields, texts)).toEqual({ ok: false, problem });
  });
});
