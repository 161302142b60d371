import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { expect, test } from "vitest";
import { exampleRun } from "../runs/example-run.test-data.ts";
import { patchRunPages } from "./patch-run-pages.ts";

function run(id: string, minute: number, changes: Partial<RunRecord> = {}): RunRecord & { review: null } {
  return {
    ...exampleRun,
    review: null,
    id,
    startedAt: `2026-01-01T10:${String(minute).padStart(2, "0")}:00.000Z`,
    ...changes,
  };
}

const pages = [
  { runs: [run("d", 40), run("c", 30)], nextCursor: "2" },
  { runs: [run("b", 20)], nextCursor: "3" },
];

const nowMs = Date.parse("2026-01-01T11:00:00.000Z");

function ids(patched: readonly { runs: readonly RunRecord[] }[]): string[] {
  return patched.map((page) => page.runs.map((each) => each.id).join(""));
}

test("a new run goes on top of the first page", () => {
  expect(ids(patchRunPages({ pages, run: run("e", 50), filter: {}, nowMs }))).toEqual(["edc", "b"]);
});

test("a known run is replaced where it stands", () => {
  const patched = patchRunPages({ pages, run: run("c", 30, { state: "ready" }), filter: {}, nowMs });
  expect(ids(patched)).toEqual(["dc", "b"]);
  expect(patched[0]?.runs[1]?.state).toBe("ready");
});

test("a run that no longer matches the filter leaves", () => {
  expect(
    ids(patchRunPages({ pages, run: run("c", 30, { state: "stopping" }), filter: { state: ["ended"] }, nowMs })),
  ).toEqual(["d", "b"]);
});

test("a run that does not match does not come in", () => {
  expect(ids(patchRunPages({ pages, run: run("e", 50), filter: { server: ["other"] }, nowMs }))).toEqual(["dc", "b"]);
});

test("a run that matches late goes to its place by time", () => {
  expect(ids(patchRunPages({ pages, run: run("x", 25), filter: {}, nowMs }))).toEqual(["dc", "xb"]);
});

test("a run older than all loaded ones waits for its page", () => {
  expect(ids(patchRunPages({ pages, run: run("a", 1), filter: {}, nowMs }))).toEqual(["dc", "b"]);
});

test("the first run of all is shown", () => {
  expect(ids(patchRunPages({ pages: [{ runs: [], nextCursor: null }], run: run("a", 1), filter: {}, nowMs }))).toEqual([
    "a",
  ]);
});
