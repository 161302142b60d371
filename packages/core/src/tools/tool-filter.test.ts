import { describe, expect, test } from "vitest";
import { toolFilterFindings } from "./tool-filter-findings.ts";
import { isToolAllowed, unmatchedPatterns, type ToolFilter } from "./tool-filter.ts";

const table: readonly (readonly [ToolFilter, string, boolean])[] = [
  [{}, "echo", true],
  [{ allow: [] }, "echo", false],
  [{ allow: ["echo"] }, "echo", true],
  [{ allow: ["echo"] }, "echo2", false],
  [{ allow: ["read_*"] }, "read_file", true],
  [{ allow: ["read_*"] }, "write_file", false],
  [{ allow: ["*"], deny: ["*_file"] }, "write_file", false],
  [{ deny: ["write_*"] }, "read_file", true],
  [{ allow: ["echo"], deny: ["echo"] }, "echo", false],
  [{ allow: ["a*b*c"] }, "a-b-b-c", true],
  [{ allow: ["a*b*c"] }, "a-c", false],
  [{ allow: ["ab*ba"] }, "aba", false],
  [{ allow: ["get.tool"] }, "getXtool", false],
];

test.each(table)("%j lets %s through: %s", (filter, tool, isAllowed) => {
  expect(isToolAllowed(filter, tool)).toBe(isAllowed);
});

describe("patterns that name nothing", () => {
  test("are told, each once", () => {
    expect(unmatchedPatterns({ allow: ["echo", "x*"], deny: ["x*", "y"] }, ["echo"])).toEqual(["x*", "y"]);
  });

  test("are none when each names a tool", () => {
    expect(unmatchedPatterns({ allow: ["e*"], deny: ["*o"] }, ["echo"])).toEqual([]);
  });
});

describe("findings about a filter", () => {
  test("name the pattern that has no tool, and the tools there are", () => {
    expect(toolFilterFindings({ deny: ["delte_*"] }, ["delete_file", "read_file"])).toMatchObject([
      {
        code: "tool_pattern_unmatched",
        message: expect.stringContaining('"delte_*"'),
        remedy: "Its tools: delete_file, read_file.",
      },
    ]);
  });

  test("are none while nobody knows the tools", () => {
    expect(toolFilterFindings({ deny: ["x"] }, undefined)).toEqual([]);
  });
});
