import { serverStates } from "@mcpproxy/core/run/server-record";
import { expect, test } from "vitest";
import { possibleActions } from "./possible-actions.ts";

/** A try can be made now, or given up. */
const tried = new Set(["backing_off", "crash_looping"]);

test.each(serverStates.filter((state) => !tried.has(state)))("%s does not offer both start and stop", (state) => {
  expect(possibleActions(state)).not.toEqual(expect.arrayContaining(["start", "stop"]));
});

test("a refused server offers nothing", () => {
  expect(possibleActions("refused")).toEqual([]);
});
