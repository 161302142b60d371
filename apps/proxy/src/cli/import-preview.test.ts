import { expect, it } from "vitest";
import type { ImportItem } from "../clients/plan-import.ts";
import { formatImport, importItemsToJson } from "./import-preview.ts";

function itemOf(name: string, value: object): ImportItem {
  const source = { name, file: "/f.json", path: ["mcpServers", name], projectFolder: null, value };
  const plan = { kind: "refused", code: "x", message: "It has hunter2-hunter2.", remedy: "Do." } as const;
  const draft = { command: "npx", args: [], env: {} };
  return { kind: "new", source, name, draft, plan, warnings: ["see ${env:KEY}"] };
}

it("shows no value of any env, also not in another server's arguments, and no control characters", () => {
  const items = [
    itemOf("a", { command: "npx", env: { K: "hunter2-hunter2", R: "${env:KEY}" } }),
    itemOf("b\u001b[2J", {
      command: "npx",
      args: ["--key=hunter2-hunter2", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
    }),
  ];
  const shown = `${formatImport(items)}\n${JSON.stringify(importItemsToJson(items))}`;
  expect(shown).not.toContain("hunter2");
  expect(shown).not.toContain("ghp_");
  expect(shown).not.toContain("\u001b");
  expect(shown).toContain("see ${env:KEY}");
});

it("shows no value that a docker command gives to its container, however short", () => {
  const args = ["run", "-i", "-e", "LONG=hunter2-hunter2", "-eSHORT=abc", "-e", "NAME", "img", "hunter2-hunter2"];
  const items = [itemOf("a", { command: "docker", args })];
  const shown = `${formatImport(items)}\n${JSON.stringify(importItemsToJson(items))}`;
  expect(shown).toContain("LONG=***");
  expect(shown).toContain("-e NAME");
  expect(shown).not.toMatch(/hunter2|abc/);
});
