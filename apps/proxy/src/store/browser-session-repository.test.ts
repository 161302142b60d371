import { expect, test } from "vitest";
import { openTemporaryStore } from "./testing/temporary-store.ts";

const createdAt = "2026-11-23T19:00:00.000Z";
const expiresAt = "2026-11-24T19:00:00.000Z";

test("a session is valid until it expires or is removed", async () => {
  await using temporary = await openTemporaryStore();
  const { browserSessions } = temporary.store;
  await browserSessions.add({ secretHash: "one", createdAt, expiresAt });
  expect(await browserSessions.isValid("one", "2026-11-24T18:59:59.999Z")).toBe(true);
  expect(await browserSessions.isValid("one", expiresAt)).toBe(false);
  expect(await browserSessions.isValid("two", createdAt)).toBe(false);
  await browserSessions.remove("one");
  await browserSessions.remove("one");
  expect(await browserSessions.isValid("one", createdAt)).toBe(false);
});

test("a login removes expired sessions and keeps the others", async () => {
  await using temporary = await openTemporaryStore();
  const { browserSessions } = temporary.store;
  await browserSessions.add({ secretHash: "old", createdAt, expiresAt });
  await browserSessions.add({ secretHash: "long", createdAt, expiresAt: "2027-11-24T19:00:00.000Z" });
  await browserSessions.add({ secretHash: "new", createdAt: expiresAt, expiresAt: "2026-11-25T19:00:00.000Z" });
  expect(await browserSessions.isValid("old", createdAt)).toBe(false);
  expect(await browserSessions.isValid("long", expiresAt)).toBe(true);
});
