import { createClient, type Client } from "@libsql/client/sqlite3";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { PatientClient } from "./patient-client.ts";
import { isBusyError } from "./retry-while-busy.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

const insert = `INSERT INTO "BrowserSession" VALUES ('a', 1, 2)`;

test("the driver alone commits nothing more after it met a lock, and does not say so", async () => {
  await using temporary = await openTemporaryStore();
  const client = open(temporary.databasePath);
  const locker = open(temporary.databasePath);
  const lock = await locker.transaction("write");
  await expect(client.execute(insert)).rejects.toSatisfy(isBusyError);
  await lock.rollback();
  expect((await client.execute(insert)).rowsAffected).toBe(1);
  // When this fails, the driver is mended and PatientClient need not open anew.
  expect(await countRows(temporary.databasePath)).toBe(0);
});

test("the patient client waits for the lock, and what it wrote is there for others", async () => {
  await using temporary = await openTemporaryStore();
  const client = new PatientClient(open(temporary.databasePath), 5_000);
  await client.setPragmas();
  const lock = await open(temporary.databasePath).transaction("write");
  const writing = client.execute(insert);
  setTimeout(() => void lock.rollback(), 200);
  await writing;
  expect(await countRows(temporary.databasePath)).toBe(1);
});

test("the patient client gives up at its deadline, and writes again when the lock is gone", async () => {
  await using temporary = await openTemporaryStore();
  const client = new PatientClient(open(temporary.databasePath), 100);
  await client.setPragmas();
  const lock = await open(temporary.databasePath).transaction("write");
  await expect(client.execute(insert)).rejects.toSatisfy(isBusyError);
  await expect(client.transaction()).rejects.toSatisfy(isBusyError);
  await lock.rollback();
  await client.execute(insert);
  expect(await countRows(temporary.databasePath)).toBe(1);
  const foreignKeys = await client.execute("PRAGMA foreign_keys");
  expect(foreignKeys.rows[0]?.["foreign_keys"]).toBe(1);
});

function open(databasePath: string): Client {
  return createClient({ url: pathToFileURL(databasePath).href, concurrency: 1, timeout: 0 });
}

async function countRows(databasePath: string): Promise<unknown> {
  const client = open(databasePath);
  const { rows } = await client.execute('SELECT count(*) AS "count" FROM "BrowserSession"');
  client.close();
  return rows[0]?.["count"];
}
