import { existsSync } from "node:fs";
import type { Client } from "@libsql/client/sqlite3";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { createBrowserSessionRepository } from "./browser-session-repository.ts";
import { connectDatabase } from "./connect-database.ts";
import { createDatabase } from "./create-database.ts";
import { isCorruptDatabaseError, moveDatabaseAside } from "./corrupt-database.ts";
import { migrations } from "./generated/migrations.ts";
import { PrismaClient } from "./generated/prisma/client.ts";
import { migrate } from "./migrate.ts";
import { isBusyError } from "./retry-while-busy.ts";
import { createRunRepository } from "./run-repository.ts";
import type { Store } from "./store.ts";

export interface OpenStoreOptions {
  readonly databasePath: string;
  /** Told, in words for people, when a corrupt database was moved aside. */
  readonly onNotice: (message: string) => void;
}

/**
 * Opens the history and brings its tables up to date.
 * Throws a StoreError when the database belongs to a newer version.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const client = await openMigratedDatabase(options);
  const adapter = new ConnectedLibSql(client);
  const prisma = new PrismaClient({ adapter });
  return {
    runs: createRunRepository(prisma),
    browserSessions: createBrowserSessionRepository(prisma),
    close: () => closeStore(client, prisma),
  };
}

async function closeStore(client: Client, prisma: PrismaClient): Promise<void> {
  if (client.closed) return;
  await checkpointIfFree(client);
  await prisma.$disconnect();
  // Prisma closes it only if it was ever used.
  client.close();
}

/** The driver closes the file only at its next garbage collection; until then a copy of it should be whole. */
async function checkpointIfFree(client: Client): Promise<void> {
  try {
    await client.execute("PRAGMA wal_checkpoint(PASSIVE)");
  } catch (error) {
    // Another process is writing: its own checkpoint takes ours along, and nothing is lost in the WAL.
    if (!isBusyError(error)) throw error;
  }
}

async function openMigratedDatabase(options: OpenStoreOptions): Promise<Client> {
  try {
    return await connectAndMigrate(options.databasePath);
  } catch (error) {
    if (!isCorruptDatabaseError(error)) throw error;
    const asidePath = moveDatabaseAside(options.databasePath, new Date());
    options.onNotice(
      `The history ${options.databasePath} is damaged. It was moved to ${asidePath} and a new, empty one was begun; nothing was deleted.`,
    );
    return connectAndMigrate(options.databasePath);
  }
}

async function connectAndMigrate(databasePath: string): Promise<Client> {
  if (!existsSync(databasePath)) await createDatabase(databasePath, migrations);
  const client = await connectDatabase(databasePath);
  try {
    await migrate(client, migrations);
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Prisma's adapter on the connection that is already open, with its pragmas set. */
class ConnectedLibSql extends PrismaLibSql {
  readonly #client: Client;

  constructor(client: Client) {
    // The address is never used, because createClient gives the open connection.
    super({ url: ":memory:" }, { timestampFormat: "unixepoch-ms" });
    this.#client = client;
  }

  override createClient(): Client {
    return this.#client;
  }
}
