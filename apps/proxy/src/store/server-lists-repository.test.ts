import { expect, test } from "vitest";
import { openStore } from "./open-store.ts";
import type { StoredServerLists } from "./store.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

const lists: StoredServerLists = { server: "b", at: "2026-11-23T19:00:00.123Z", listsJson: `{"tools":[]}` };

test("the lists of servers are there after a restart, the last ones of each server", async () => {
  await using temporary = await openTemporaryStore();
  await temporary.store.serverLists.put(lists);
  await temporary.store.serverLists.put({ ...lists, server: "a" });
  await temporary.store.serverLists.put({ ...lists, listsJson: "{}" });
  await temporary.store.close();
  const store = await openStore({ databasePath: temporary.databasePath, onNotice: () => undefined });
  expect(await store.serverLists.all()).toEqual([
    { ...lists, server: "a" },
    { ...lists, listsJson: "{}" },
  ]);
  await store.close();
});

test("lists that are removed are gone, and removing none is no error", async () => {
  await using temporary = await openTemporaryStore();
  const { serverLists } = temporary.store;
  await serverLists.put(lists);
  await serverLists.remove("nobody");
  await serverLists.remove("b");
  expect(await serverLists.all()).toEqual([]);
});
