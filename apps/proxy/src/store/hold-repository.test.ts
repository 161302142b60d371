import { expect, test } from "vitest";
import { openStore } from "./open-store.ts";
import type { ServerHold } from "./store.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

const held: ServerHold = {
  server: "b",
  kind: "held",
  at: "2026-11-23T19:00:00.123Z",
  actor: "dashboard",
  note: "too loud",
  configHash: "0123456789abcdef",
  failures: 0,
};
const parked: ServerHold = { ...held, server: "a", kind: "parked", actor: "MCPProxy", note: null, failures: 7 };

test("holds are there after a restart, the last one of each server", async () => {
  await using temporary = await openTemporaryStore();
  await temporary.store.holds.put(held);
  await temporary.store.holds.put(parked);
  await temporary.store.holds.put({ ...held, note: null });
  await temporary.store.close();
  const store = await openStore({ databasePath: temporary.databasePath, onNotice: () => undefined });
  expect(await store.holds.all()).toEqual([parked, { ...held, note: null }]);
  await store.close();
});

test("a hold that is removed is gone, and removing none is no error", async () => {
  await using temporary = await openTemporaryStore();
  const { holds } = temporary.store;
  await holds.put(held);
  await holds.remove("nobody");
  await holds.remove("b");
  expect(await holds.all()).toEqual([]);
});
