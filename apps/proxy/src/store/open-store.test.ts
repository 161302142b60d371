import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { connectDatabase } from "./connect-database.ts";
import { openStore } from "./open-store.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

describe("the database file", () => {
  test("has the pragmas of a history that two processes share", async () => {
    await using temporary = await openTemporaryStore();
    const client = await connectDatabase(temporary.databasePath);
    const read = async (pragma: string) => Object.values((await client.execute(`PRAGMA ${pragma}`)).rows[0] ?? {})[0];
    expect(await read("journal_mode")).toBe("wal");
    expect(await read("synchronous")).toBe(1);
    expect(await read("busy_timeout")).toBe(5000);
    expect(await read("foreign_keys")).toBe(1);
    client.close();
  });

  test.skipIf(process.platform === "win32")("is readable by its owner only, with its side files", async () => {
    await using temporary = await openTemporaryStore();
    await temporary.store.runs.create(makeRun(), testOwner);
    const directory = dirname(temporary.databasePath);
    const modes = readdirSync(directory).map((name) => [name, statSync(join(directory, name)).mode & 0o777]);
    expect(modes).toEqual([
      ["mcpproxy.db", 0o600],
      ["mcpproxy.db-shm", 0o600],
      ["mcpproxy.db-wal", 0o600],
    ]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test("keeps the history across a restart", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun();
    await temporary.store.runs.create(run, testOwner);
    await temporary.store.close();
    const again = await openStore({ databasePath: temporary.databasePath, onNotice: unexpected });
    expect(await again.runs.find(run.id)).toEqual(run);
    await again.close();
  });

  test("may have a path with spaces and signs", async () => {
    await using temporary = await openTemporaryStore();
    const databasePath = join(temporary.directory, "a b#c%20?ü", "mcpproxy.db");
    const store = await openStore({ databasePath, onNotice: unexpected });
    await store.close();
    expect(statSync(databasePath).size).toBeGreaterThan(0);
  });
});

describe("a damaged database", () => {
  test("that is no database at all is moved aside with a notice", async () => {
    await using temporary = await openTemporaryStore();
    const databasePath = join(temporary.directory, "mcpproxy.db");
    const garbage = "this is not a database, but somebody's data\n".repeat(100);
    writeFileSync(databasePath, garbage);
    const notices: string[] = [];
    const store = await openStore({ databasePath, onNotice: (message) => notices.push(message) });
    await store.runs.create(makeRun(), testOwner);
    await store.close();
    const aside = readdirSync(temporary.directory).filter((name) => /^mcpproxy\.db\.corrupt-[\dTZ-]+$/.test(name));
    expect(aside).toHaveLength(1);
    expect(statSync(join(temporary.directory, aside[0] ?? "")).size).toBe(garbage.length);
    expect(notices).toEqual([expect.stringContaining(`moved to ${join(temporary.directory, aside[0] ?? "")}`)]);
  });

  test("whose schema page was overwritten is moved aside too", async () => {
    await using temporary = await openTemporaryStore();
    await temporary.store.close();
    for (const suffix of ["-wal", "-shm"]) rmSync(temporary.databasePath + suffix, { force: true });
    const bytes = Buffer.alloc(8192, 0xff);
    Buffer.from("SQLite format 3\0").copy(bytes);
    writeFileSync(temporary.databasePath, bytes);
    const notices: string[] = [];
    const store = await openStore({
      databasePath: temporary.databasePath,
      onNotice: (message) => notices.push(message),
    });
    await store.close();
    expect(notices).toHaveLength(1);
  });
});

test(
  "a database with a damaged page is said to be, and moved aside at the next start",
  { timeout: 20_000 },
  async () => {
    await using temporary = await openTemporaryStore();
    for (let index = 0; index < 50; index += 1) await temporary.store.runs.create(makeRun(), testOwner);
    await temporary.store.close();
    const databasePath = join(temporary.directory, "damaged.db");
    // Everything but the page of the schema's root and the tables that migrations look at.
    const bytes = readFileSync(temporary.databasePath);
    const client = await connectDatabase(temporary.databasePath);
    const roots = await client.execute(`SELECT "rootpage" FROM sqlite_master WHERE "name" LIKE 'RunEvent%'`);
    client.close();
    for (const { rootpage } of z.array(z.object({ rootpage: z.number() })).parse(roots.rows))
      bytes.fill(0xff, (rootpage - 1) * 4_096, rootpage * 4_096);
    writeFileSync(databasePath, bytes);
    const notices: string[] = [];
    const onNotice = (message: string): void => void notices.push(message);
    const store = await openStore({ databasePath, onNotice });
    const run = makeRun();
    await store.runs.create(run, testOwner);
    await store.runs.addEvent({ runId: run.id, at: run.startedAt, kind: "decided", message: "", durationMs: null });
    await store.close();
    expect(notices).toEqual([
      expect.stringContaining("A part of the history"),
      expect.stringContaining("it is damaged. Restart MCPProxy"),
      expect.stringContaining("1 changes"),
    ]);
    const again = await openStore({ databasePath, onNotice });
    expect(notices[3]).toContain("It was moved to");
    await again.runs.create(makeRun(), testOwner);
    expect((await again.runs.list({ limit: 5 })).runs).toHaveLength(1);
    await again.close();
    expect(notices).toHaveLength(4);
    expect(readdirSync(temporary.directory).filter((name) => name.endsWith(".damaged"))).toEqual([]);
  },
);

describe("two stores on one database", () => {
  test("write 200 rows each at the same time without a lost one", { timeout: 60_000 }, async () => {
    await using temporary = await openTemporaryStore();
    const other = await openStore({ databasePath: temporary.databasePath, onNotice: unexpected });
    const writeAll = async (store: typeof other) => {
      for (let index = 0; index < 200; index += 1) await store.runs.create(makeRun(), testOwner);
    };
    await Promise.all([writeAll(temporary.store), writeAll(other)]);
    expect((await other.runs.list({ limit: 500 })).runs).toHaveLength(400);
    await other.close();
  });

  test("in two processes open a new database and write at the same time", { timeout: 60_000 }, async () => {
    await using temporary = await openTemporaryStore();
    const databasePath = join(temporary.directory, "shared", "mcpproxy.db");
    await Promise.all([writeInProcess(databasePath), writeInProcess(databasePath)]);
    const store = await openStore({ databasePath, onNotice: unexpected });
    expect((await store.runs.list({ limit: 500 })).runs).toHaveLength(400);
    await store.close();
  });

  test("wait for each other's transaction instead of failing", async () => {
    await using temporary = await openTemporaryStore();
    const url = pathToFileURL(temporary.databasePath).href;
    const program = `
      const { createClient } = await import(${JSON.stringify(import.meta.resolve("@libsql/client/sqlite3"))});
      const transaction = await createClient({ url: ${JSON.stringify(url)} }).transaction("write");
      process.stdout.write("locked");
      setTimeout(() => transaction.commit(), 300);`;
    const locker = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const isEnded = once(locker, "exit");
    await once(locker.stdout, "data");
    const run = makeRun();
    await temporary.store.runs.create(run, testOwner);
    expect(await temporary.store.runs.find(run.id)).toEqual(run);
    await isEnded;
  });
});

async function writeInProcess(databasePath: string): Promise<void> {
  const moduleUrl = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    const { openStore } = await import(${moduleUrl("./open-store.ts")});
    const { makeRun, testOwner } = await import(${moduleUrl("./testing/make-run.ts")});
    const store = await openStore({ databasePath: ${JSON.stringify(databasePath)}, onNotice: (text) => { throw new Error(text); } });
    for (let index = 0; index < 200; index += 1) await store.runs.create(makeRun(), testOwner);
    await store.close();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" });
  const [exitCode] = await once(child, "exit");
  expect(exitCode).toBe(0);
}

function unexpected(message: string): void {
  throw new Error(`unexpected notice: ${message}`);
}
