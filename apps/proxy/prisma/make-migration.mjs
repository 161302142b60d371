// For developers: `node prisma/make-migration.mjs NAME` writes the migration from the newest one to schema.prisma.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { applyMigrationsWithPrisma, diffDatabaseAgainstSchema, prismaDirectory } from "./schema-engine.ts";

const migrationsDirectory = join(prismaDirectory, "migrations");

async function makeMigration(name) {
  await mkdir(migrationsDirectory, { recursive: true });
  await writeFile(join(migrationsDirectory, "migration_lock.toml"), 'provider = "sqlite"\n');
  const script = await diffAgainstMigrations();
  if (script === "") return console.log("Nothing to do: the migrations already give the tables of schema.prisma.");
  const timestamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const directory = join(migrationsDirectory, `${timestamp}_${name}`);
  await mkdir(directory);
  await writeFile(join(directory, "migration.sql"), `${script}\n`);
  console.log(`Wrote ${join(directory, "migration.sql")}. Read it, then run: node prisma/generate.mjs`);
}

async function diffAgainstMigrations() {
  const scratchDirectory = await mkdtemp(join(tmpdir(), "mcpproxy-migration-"));
  try {
    const databaseUrl = pathToFileURL(join(scratchDirectory, "scratch.db")).href;
    await applyMigrationsWithPrisma(databaseUrl);
    return await diffDatabaseAgainstSchema(databaseUrl);
  } finally {
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

const name = process.argv[2];
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) {
  console.error(
    "Give the migration a name of lower-case letters, digits and _: node prisma/make-migration.mjs add_reviews",
  );
  process.exitCode = 2;
} else {
  await makeMigration(name);
}
