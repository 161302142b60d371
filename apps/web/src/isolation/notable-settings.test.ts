import { expect, test } from "vitest";
import { notableSettings } from "./notable-settings.ts";

const untouched = { key: "init", server: null, global: null, effective: "true", source: "default" } as const;

test("a default that nobody touched is not notable", () => {
  expect(notableSettings([untouched])).toEqual([]);
});

test.each([
  { ...untouched, server: "true", source: "server" } as const,
  { ...untouched, global: "true", source: "docker_isolation" } as const,
  { ...untouched, source: "server preset" } as const,
])("what is set by $source is notable", (setting) => expect(notableSettings([setting])).toEqual([setting]));
