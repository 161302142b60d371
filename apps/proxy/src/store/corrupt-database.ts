import { existsSync, renameSync } from "node:fs";
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

/** Moves the database and its side files to `….corrupt-TIME` beside it; returns the new path of the database. */
export function moveDatabaseAside(databasePath: string, now: Date): string {
  const asidePath = `${databasePath}.corrupt-${now.toISOString().replaceAll(/[:.]/g, "-")}`;
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(databasePath + suffix)) renameSync(databasePath + suffix, asidePath + suffix);
  }
  return asidePath;
}
