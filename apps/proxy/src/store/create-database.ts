import { constants, copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { connectDatabase } from "./connect-database.ts";
import { migrate, type Migration } from "./migrate.ts";

/**
 * Makes a new database beside its place and puts it there whole, in one step: two processes that start at once would
 * otherwise both switch a fresh file to WAL, and SQLite answers the slower one with locks that it does not wait for.
 */
export async function createDatabase(databasePath: string, migrations: readonly Migration[]): Promise<void> {
  mkdirSync(dirname(databasePath), { recursive: true, mode: 0o700 });
  const workshop = mkdtempSync(`${databasePath}.new-`);
  try {
    const built = join(workshop, "built.db");
    const client = await connectDatabase(built);
    await migrate(client, migrations);
    await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    client.close();
    // A copy: the driver keeps the built file open until its next garbage collection, and locks go by file, not by name.
    const ready = join(workshop, "ready.db");
    copyFileSync(built, ready);
    putInPlace(ready, databasePath);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** Leaves a database alone that another process has put there meanwhile. */
function putInPlace(ready: string, databasePath: string): void {
  try {
    linkSync(ready, databasePath);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return;
    // A file system without hard links.
    copyFileSync(ready, databasePath, constants.COPYFILE_EXCL);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
