import { existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { LibsqlError } from "@libsql/client/sqlite3";

const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;
const primaryCodeMask = 0xff;

/** Whether SQLite said that the file is not, or no longer, a database. */
export function isCorruptDatabaseError(error: unknown): boolean {
  if (!(error instanceof LibsqlError)) return false;
  const primaryCode = (error.rawCode ?? 0) & primaryCodeMask;
  return primaryCode === sqliteCorrupt || primaryCode === sqliteNotADatabase;
}

/** Notes beside the database that it was found damaged while in use: opening it may work, and only some page be bad. */
export function markDamaged(databasePath: string): void {
  try {
    writeFileSync(markOf(databasePath), "Found damaged; the next start of MCPProxy moves the database aside.\n");
  } catch {
    // A full disk as well: the damage is told in the log, and found again.
  }
}

export function isMarkedDamaged(databasePath: string): boolean {
  return existsSync(markOf(databasePath));
}

function markOf(databasePath: string): string {
  return `${databasePath}.damaged`;
}

/** Whether somebody cut the file to nothing. SQLite would take it for a new database, and throw its log away. */
export function isEmptied(databasePath: string): boolean {
  return statSync(databasePath, { throwIfNoEntry: false })?.size === 0;
}

/** Moves the database and its side files to `….corrupt-TIME` beside it; returns the new path of the database. */
export function moveDatabaseAside(databasePath: string, now: Date): string {
  const asidePath = `${databasePath}.corrupt-${now.toISOString().replaceAll(/[:.]/g, "-")}`;
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(databasePath + suffix)) renameSync(databasePath + suffix, asidePath + suffix);
  }
  rmSync(markOf(databasePath), { force: true });
  return asidePath;
}
