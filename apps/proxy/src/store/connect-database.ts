import { closeSync, chmodSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient, type Client } from "@libsql/client/sqlite3";
import { busyTimeoutMs, retryWhileBusy } from "./retry-while-busy.ts";

/** Opens the database file, made with mode 0600 when it is missing, and sets the pragmas of its one connection. */
export async function connectDatabase(databasePath: string): Promise<Client> {
  makePrivateFile(databasePath);
  const url = pathToFileURL(databasePath).href;
  // One connection: the pragmas below are per connection, and the adapter sends one statement at a time anyway.
  const client = createClient({ url, concurrency: 1, timeout: busyTimeoutMs });
  try {
    await client.execute(`PRAGMA busy_timeout=${busyTimeoutMs}`);
    await setUpNewFile(client);
    // Fails at once when another process does the same: the busy timeout does not cover the journal mode. As a script,
    // because a single statement that meets a lock spoils the connection (see PatientClient).
    await retryWhileBusy(() => client.executeMultiple("PRAGMA journal_mode=WAL"));
    await client.execute("PRAGMA synchronous=NORMAL");
    await client.execute("PRAGMA foreign_keys=ON");
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Before the first table, or it has no effect but to write: what is pruned can then be given back a few pages at a time. */
async function setUpNewFile(client: Client): Promise<void> {
  const { rows } = await client.execute("PRAGMA page_count");
  if (rows[0]?.["page_count"] === 0) await client.execute("PRAGMA auto_vacuum=INCREMENTAL");
}

// SQLite gives the -wal and -shm files the mode of the database file.
function makePrivateFile(databasePath: string): void {
  mkdirSync(dirname(databasePath), { recursive: true, mode: 0o700 });
  closeSync(openSync(databasePath, "a", 0o600));
  chmodSync(databasePath, 0o600);
}
