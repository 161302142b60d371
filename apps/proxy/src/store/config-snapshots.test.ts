import { expect, test } from "vitest";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

const snapshot = {
  hash: "0123456789abcdef",
  values: { command: ["npx", "a"], cpu_limit: 1.5, init: true, image: "node:20", memory_limit: 8 * 1024 ** 3 },
};

test("a snapshot comes back as it was, also when it is stored twice", async () => {
  await using temporary = await openTemporaryStore();
  const { runs } = temporary.store;
  await runs.addSnapshot(snapshot);
  await runs.addSnapshot(snapshot);
  expect(await runs.snapshot(snapshot.hash)).toEqual(snapshot);
  expect(await runs.snapshot("ffff")).toBeUndefined();
});

test("a snapshot goes with the last run that was started from it", async () => {
  await using temporary = await openTemporaryStore();
  const { runs, retention } = temporary.store;
  const old = { state: "ended", configHash: "old", startedAt: "2025-01-01T00:00:00Z" } as const;
  const kept = { configHash: snapshot.hash };
  for (const fields of [old, { ...old, ...kept }, kept]) await runs.create(makeRun(fields), testOwner);
  await runs.addSnapshot(snapshot);
  await runs.addSnapshot({ ...snapshot, hash: "old" });
  await retention.prune({ before: "2026-01-01T00:00:00Z" });
  expect(await runs.snapshot("old")).toBeUndefined();
  expect(await runs.snapshot(snapshot.hash)).toEqual(snapshot);
});
