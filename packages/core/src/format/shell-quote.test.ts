import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { dockerCommand, shellQuote } from "./shell-quote.ts";

test.each([
  "",
  " ",
  "a b",
  "it's",
  "''",
  "$HOME",
  "`id`",
  "$(id)",
  "a\nb",
  "\\",
  '"',
  "*",
  "~",
  "#x",
  "é",
  "!",
  "a;b",
  "-e",
  "{a,b}",
  "a=~",
])("a shell reads %j back unchanged", (argument) => {
  expect(execFileSync("/bin/sh", ["-c", `printf '%s' ${shellQuote(argument)}`], { encoding: "utf8" })).toBe(argument);
});

test("plain words stay as they are", () => {
  expect(dockerCommand(["run", "-i", "--memory=512m", "--label", "a=b c", "node:20"])).toBe(
    "docker run -i --memory=512m --label 'a=b c' node:20",
  );
});
