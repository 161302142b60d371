import { expect, test } from "vitest";
import { serverOfForm, serverOfJson } from "./new-server.ts";

test("a form becomes an entry without what was left empty", () => {
  const typed = { name: " one ", command: "npx -y", args: "@scope/server\n/a path", env: "TOKEN=a=b\n" };
  expect(serverOfForm(typed)).toEqual({
    ok: true,
    name: "one",
    entry: { command: "npx", args: ["-y", "@scope/server", "/a path"], env: { TOKEN: "a=b" } },
  });
  expect(serverOfForm({ name: "a", command: "x", args: "", env: "" })).toMatchObject({ entry: { command: "x" } });
});

test.each([
  [{ name: "", command: "npx" }, "name"],
  [{ name: "a", command: " " }, "command"],
  [{ name: "a", command: "npx", env: "=x" }, "NAME=value"],
])("says what is missing in %j", (typed, words) => {
  expect(serverOfForm({ args: "", env: "", ...typed })).toMatchObject({ problem: expect.stringContaining(words) });
});

test.each([
  ['{ "mcpServers": { "one": { "command": "npx" } } }', ""],
  ['{ "one": { "command": "npx" } }', ""],
  ['{ "command": "npx" }', "one"],
  ['{ "name": "one", "command": "npx" }', ""],
])("%s is one server", (text, name) => {
  expect(serverOfJson(text, name)).toEqual({ ok: true, name: "one", entry: { command: "npx" } });
});

test.each([
  ["{", "no JSON"],
  ["[]", "no JSON"],
  ["{}", "no server"],
  ['{ "command": "npx" }', "name"],
  ['{ "a": { "command": "x" }, "b": { "command": "y" } }', "a, b"],
])("%s is none", (text, words) => {
  expect(serverOfJson(text, "")).toMatchObject({ ok: false, problem: expect.stringContaining(words) });
});
