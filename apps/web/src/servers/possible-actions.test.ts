import { serverStates } from "@mcpproxy/core/run/server-record";
import { expect, test } from "vitest";
import { possibleActions } from "./possible-actions.ts";

test("no state offers both start and stop", () => {
  for (const state of serverStates) {
    const actions = possibleActions(state);
    expect(actions.includes("start") && actions.includes("stop"), state).toBe(false);
  }
});

test("a refused server offers nothing", () => {
  expect(possibleActions("refused")).toEqual([]);
});
