import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

test("a hundred writes at once leave the event loop to others between them", async () => {
  await using temporary = await openTemporaryStore();
  let turns = 0;
  let isDone = false;
  const writes = Array.from({ length: 100 }, () => temporary.store.runs.create(makeRun(), testOwner));
  const all = Promise.all(writes).then(() => (isDone = true));
  while (!isDone) {
    await nextTurn();
    turns += 1;
  }
  await all;
  expect(turns).toBeGreaterThanOrEqual(99);
});
