import { expect, test } from "vitest";
import { exitWords } from "./exit-words.ts";

test.each([
  [null, null, undefined],
  [0, null, "0"],
  [3, null, "3"],
  [137, null, "137 SIGKILL"],
  [139, null, "139 SIGSEGV"],
  [143, 15, "143 SIGTERM"],
  [null, 9, "SIGKILL"],
  [null, 40, "signal 40"],
  [255, null, "255"],
])("exit code %s with signal %s is %s", (exitCode, signal, words) => {
  expect(exitWords({ exitCode, signal })).toBe(words);
});
