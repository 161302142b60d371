import { randomUUID } from "node:crypto";
import type { Client, Transaction } from "@libsql/client/sqlite3";
import { z } from "zod";
import { busyTimeoutMs, retryWhileBusy } from "./retry-while-busy.ts";
import { StoreError } from "./store-error.ts";

/** One folder of prisma/migrations. */
export interface Migration {
  readonly name: string;
  /** SHA-256 of the SQL in hex, as Prisma stores it. */
  readonly checksum: string;
  readonly sql: string;
}

// Prisma's own table, so that its tools work on the same database.
const createMigrationsTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

const appliedRowsSchema = z.array(
  z.object({ migration_name: z.string(), checksum: z.string(), finished_at: z.unknown() }),
);

type AppliedRow = z.infer<typeof appliedRowsSchema>[number];

/**
 * Applies what is missing, each migration in its own transaction, and returns the names applied.
 * Throws a StoreError when the database is newer than this program or its past does not match.
 */
export async function migrate(client: Client, migrations: readonly Migration[]): Promise<readonly string[]> {
  const pending = findPending(await readApplied(client), migrations);
  if (pending.length === 0) return [];
  try {
    const applied: string[] = [];
    for (const migration of pending) {
      if (await applyMigration({ client, migration, migrations })) applied.push(migration.name);
    }
    return applied;
  } finally {
    await client.executeMultiple(`PRAGMA busy_timeout=${busyTimeoutMs}; PRAGMA foreign_keys=ON;`);
  }
}

async function readApplied(executor: Pick<Client | Transaction, "execute">): Promise<readonly AppliedRow[]> {
  const table = await executor.execute(
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'",
  );
  if (table.rows.length === 0) return [];
  const { rows } = await executor.execute(
    'SELECT "migration_name", "checksum", "finished_at" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL',
  );
  return appliedRowsSchema.parse(rows);
}

function findPending(applied: readonly AppliedRow[], migrations: readonly Migration[]): readonly Migration[] {
  for (const row of applied) checkApplied(row, migrations);
  const appliedNames = new Set(applied.map((row) => row.migration_name));
  return migrations.filter((migration) => !appliedNames.has(migration.name));
}

function checkApplied(row: AppliedRow, migrations: readonly Migration[]): void {
  const name = row.migration_name;
  const known = migrations.find((migration) => migration.name === name);
  if (known === undefined) {
    throw new StoreError({
      code: "database_newer",
      message: `The history was written by a newer MCPProxy (its migration ${name} is unknown here). Update MCPProxy, or start with another --data-dir.`,
    });
  }
  if (row.finished_at === null) {
    throw new StoreError({
      code: "migration_failed",
      message: `The migration ${name} of the history began but never finished. Restore a copy of the database, or start with another --data-dir.`,
    });
  }
  if (known.checksum !== row.checksum) {
    throw new StoreError({
      code: "migration_changed",
      message: `The migration ${name} of the history is not the one of this MCPProxy (checksum ${row.checksum}, expected ${known.checksum}). Start the version that made the database, or use another --data-dir.`,
    });
  }
}

async function applyMigration(input: {
  client: Client;
  migration: Migration;
  migrations: readonly Migration[];
}): Promise<boolean> {
  const transaction = await retryWhileBusy(() => beginMigration(input.client));
  try {
    // Again under the write lock: another process may have been faster.
    const stillPending = findPending(await readApplied(transaction), input.migrations);
    if (!stillPending.includes(input.migration)) return false;
    await runMigration(transaction, input.migration);
    await transaction.commit();
    return true;
  } finally {
    transaction.close();
  }
}

async function beginMigration(client: Client): Promise<Transaction> {
  // Waiting inside SQLite would block this process, and with it another store of it that holds the lock.
  // Inside a transaction foreign_keys would have no effect, and rebuilding a table needs it off.
  await client.executeMultiple("PRAGMA busy_timeout=0; PRAGMA foreign_keys=OFF;");
  try {
    return await client.transaction("write");
  } catch (error) {
    // A statement that met a lock spoils the connection (see PatientClient).
    client.reconnect();
    throw error;
  }
}

async function runMigration(transaction: Transaction, migration: Migration): Promise<void> {
  const startedAtMs = Date.now();
  await transaction.execute(createMigrationsTable);
  await transaction.executeMultiple(migration.sql);
  const violations = await transaction.execute("PRAGMA foreign_key_check");
  if (violations.rows.length > 0) {
    const message = `The migration ${migration.name} left ${violations.rows.length} rows without their run; nothing was changed. Report this.`;
    throw new StoreError({ code: "migration_failed", message });
  }
  await transaction.execute({
    sql: `INSERT INTO "_prisma_migrations"
      ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count") VALUES (?, ?, ?, ?, ?, 1)`,
    args: [randomUUID(), migration.checksum, migration.name, startedAtMs, Date.now()],
  });
}
