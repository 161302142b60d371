import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Client } from "@libsql/client/sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyMigrationsWithPrisma, diffDatabaseAgainstSchema, prismaDirectory } from "../../prisma/schema-engine.ts";
import { connectDatabase } from "./connect-database.ts";
import { migrations } from "./generated/migrations.ts";
import { migrate, type Migration } from "./migrate.ts";

let directory: string;
let databasePath: string;
let client: Client;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "mcpproxy-migrate-"));
  databasePath = join(directory, "mcpproxy.db");
  client = await connectDatabase(databasePath);
});

afterEach(async () => {
  client.close();
  await rm(directory, { recursive: true });
});

const second: Migration = { name: "29991231235959_second", checksum: "2", sql: 'CREATE TABLE "Second" ("id" TEXT);' };

describe("migrations", () => {
  test("give exactly the tables of schema.prisma", async () => {
    const names = migrations.map((migration) => migration.name);
    expect(await migrate(client, migrations)).toEqual(names);
    expect(await diffDatabaseAgainstSchema(pathToFileURL(databasePath).href)).toBe("");
  });

  test("the drift check sees a missing index", async () => {
    await migrate(client, migrations);
    await client.execute('DROP INDEX "Run_groupId_startedAt_id_idx"');
    expect(await diffDatabaseAgainstSchema(pathToFileURL(databasePath).href)).toContain("Run_groupId_startedAt_id_idx");
  });

  test("the generated module is that of the files", async () => {
    for (const migration of migrations) {
      const sql = await readFile(join(prismaDirectory, "migrations", migration.name, "migration.sql"), "utf8");
      expect(sql.replaceAll("\r\n", "\n")).toBe(migration.sql);
    }
  });

  test("a second start applies nothing", async () => {
    await migrate(client, migrations);
    expect(await migrate(client, migrations)).toEqual([]);
  });

  test("Prisma's own engine finds nothing left to do, and the other way round", async () => {
    await migrate(client, migrations);
    expect(await applyMigrationsWithPrisma(pathToFileURL(databasePath).href)).toEqual([]);
    const otherPath = join(directory, "other.db");
    await applyMigrationsWithPrisma(pathToFileURL(otherPath).href);
    const other = await connectDatabase(otherPath);
    expect(await migrate(other, migrations)).toEqual([]);
    other.close();
  });

  test("only what is missing is applied, with foreign keys checked again afterwards", async () => {
    await migrate(client, migrations);
    expect(await migrate(client, [...migrations, second])).toEqual([second.name]);
    expect((await client.execute("PRAGMA foreign_keys")).rows[0]?.["foreign_keys"]).toBe(1);
  });

  test("a database of a newer version is refused and left as it is", async () => {
    await migrate(client, [...migrations, second]);
    const attempt = migrate(client, migrations);
    await expect(attempt).rejects.toMatchObject({ code: "database_newer" });
    await expect(migrate(client, migrations)).rejects.toThrow(
      /29991231235959_second is unknown here\). Update MCPProxy/,
    );
  });

  test("a migration that was changed after it was applied is refused", async () => {
    await migrate(client, [second]);
    await expect(migrate(client, [{ ...second, checksum: "3" }])).rejects.toMatchObject({ code: "migration_changed" });
  });

  test("a migration that another tool left unfinished is refused", async () => {
    await migrate(client, [second]);
    await client.execute('UPDATE "_prisma_migrations" SET "finished_at" = NULL');
    await expect(migrate(client, [second])).rejects.toMatchObject({ code: "migration_failed" });
  });

  test("a migration that fails changes nothing and can be tried again", async () => {
    const broken = { ...second, sql: `${second.sql} INSERT INTO "Missing" VALUES (1);` };
    await expect(migrate(client, [broken])).rejects.toThrow(/Missing/);
    const tables = await client.execute("SELECT name FROM sqlite_master WHERE type = 'table'");
    expect(tables.rows).toHaveLength(0);
    expect(await migrate(client, [second])).toEqual([second.name]);
  });

  test("two connections that start at once apply each migration once", async () => {
    const other = await connectDatabase(databasePath);
    const applied = await Promise.all([migrate(client, migrations), migrate(other, migrations)]);
    expect(applied.flat()).toEqual(migrations.map((migration) => migration.name));
    other.close();
  });
});
