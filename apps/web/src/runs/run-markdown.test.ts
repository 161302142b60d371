import { expect, test } from "vitest";
import { exampleRun } from "./example-run.test-data.ts";
import { runMarkdown } from "./run-markdown.ts";

test("says how the run ended, with its facts and the command", () => {
  const text = runMarkdown(exampleRun, []);
  expect(text).toMatch(/^### Out of memory: killed at the 64 MiB limit\.\n\n\| \| \|/);
  expect(text).toContain("| Memory | peak 64 MiB, limit 64 MiB |");
  expect(text).toContain("| Exit | 137 SIGKILL |");
  expect(text).toContain("```\ndocker run -i node:20\n```");
  expect(text).not.toContain("Last stderr lines");
});

test("what a server prints cannot get out of its fence, nor a cell out of its table", () => {
  const text = runMarkdown({ ...exampleRun, stderrTail: ["a", "````", "# big"], image: "a|b" }, []);
  expect(text).toContain("`````\na\n````\n# big\n`````");
  expect(text).toContain("a\\|b");
});

test("parts without anything to say are left out", () => {
  const bare = { ...exampleRun, verdict: null, endedAt: null, durationMs: null, dockerRunArgs: null, exitCode: null };
  const text = runMarkdown(bare, []);
  expect(text).toMatch(/^### Run of everything/);
  expect(text).not.toMatch(/Ended|Why|Docker command|null|undefined/);
});
