import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";

/** Another program that holds the database's only right to write. */
export interface DatabaseLock {
  release(): Promise<void>;
}

/** Begins a writing transaction in a process of its own. */
export async function lockDatabase(databasePath: string): Promise<DatabaseLock> {
  const program = `
    const { createClient } = await import(${JSON.stringify(import.meta.resolve("@libsql/client/sqlite3"))});
    const client = createClient({ url: ${JSON.stringify(pathToFileURL(databasePath).href)}, concurrency: 1 });
    await client.transaction("write");
    process.stdout.write("locked");
    process.stdin.resume().on("end", () => process.exit());`;
  const locker = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(locker.stdout, "data");
  return {
    async release() {
      const exited = once(locker, "exit");
      locker.stdin.end();
      await exited;
    },
  };
}
