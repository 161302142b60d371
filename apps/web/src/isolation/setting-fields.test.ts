import { expect, test } from "vitest";
import { fieldOf, firstText, valueOf } from "./setting-fields.ts";

test.each([
  ["memory_limit", "1g", "1g"],
  ["pids_limit", "99", 99],
  ["pids_limit", "many", undefined],
  ["read_only", "false", false],
  ["volumes", "/a:/a:ro\n\n /b:/b ", ["/a:/a:ro", "/b:/b"]],
  ["volumes", "", []],
  ["ulimits", '{ "nofile": "1024:2048" }', { nofile: "1024:2048" }],
  ["ulimits", "{", undefined],
  ["image", "  ", undefined],
])("%s typed as %j is written as %j", (key, text, value) => {
  expect(valueOf(fieldOf(key), text)).toEqual(value);
});

test("a field begins with what holds", () => {
  expect(firstText(fieldOf("dns"), "1.1.1.1, 9.9.9.9")).toBe("1.1.1.1\n9.9.9.9");
  expect(firstText(fieldOf("cap_add"), "none")).toBe("");
  expect(firstText(fieldOf("memory_limit"), "512m")).toBe("512m");
  expect(firstText(fieldOf("stop_timeout"), "2 s")).toBe("2s");
});
