import { expect, it } from "vitest";
import { firstConfigText } from "./first-config.ts";
import { parseConfig } from "./parse-config.ts";

it("is a config without an issue or a warning, with two servers", () => {
  const parsed = parseConfig(firstConfigText(), "mcp_config.json");
  expect(parsed.issues).toEqual([]);
  expect(parsed.warnings).toEqual([]);
  expect(parsed.settings?.listen).toEqual({ host: "127.0.0.1", port: 8080 });
  expect(parsed.servers.map(({ name, ok }) => [name, ok])).toEqual([
    ["everything", true],
    ["memory", true],
  ]);
});
