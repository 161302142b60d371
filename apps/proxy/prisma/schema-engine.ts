import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";

export const prismaDirectory = fileURLToPath(new URL(".", import.meta.url));
let bindingsLoaded: Promise<void> | undefined;
const filters = { externalTables: [], externalEnums: [] };

/** The SQL that turns the tables of a database into those of schema.prisma; empty when they are equal. */
export async function diffDatabaseAgainstSchema(databaseUrl: string): Promise<string> {
  const content = await readFile(join(prismaDirectory, "schema.prisma"), "utf8");
  const files = [{ path: "schema.prisma", content }];
  const engine = await openSchemaEngine({ databaseUrl, schema: content });
  const { stdout } = await engine.diff({
    from: { tag: "schemaDatasource", files, configDir: prismaDirectory },
    to: { tag: "schemaDatamodel", files },
    script: true,
    exitCode: null,
    filters,
  });
  return withoutEmptyMarker(stdout ?? "");
}

/** Applies the migration files with Prisma's own engine; returns the names of those applied. */
export async function applyMigrationsWithPrisma(databaseUrl: string): Promise<readonly string[]> {
  const schema = await readFile(join(prismaDirectory, "schema.prisma"), "utf8");
  const engine = await openSchemaEngine({ databaseUrl, schema });
  const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: await listMigrations(), filters });
  return appliedMigrationNames;
}

async function openSchemaEngine(input: { databaseUrl: string; schema: string }) {
  // Once only: the bindings cache views into the memory of the first instance.
  bindingsLoaded ??= loadBindings();
  await bindingsLoaded;
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaLibSql({ url: input.databaseUrl }));
  return bindings.SchemaEngine.new({ datamodels: [["schema.prisma", input.schema]] }, () => undefined, adapter);
}

// By hand, because the package's entry needs a flag of Node for importing WebAssembly.
async function loadBindings(): Promise<void> {
  const bindingsPath = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = await readFile(join(bindingsPath, "..", "schema_engine_bg.wasm"));
  const imports = { "./schema_engine_bg.js": { ...bindings } };
  const { instance } = await webAssembly().instantiate(bytes, imports);
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

interface WebAssemblyGlobal {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}

// Node has it, but its types are only in the library of the browser.
function webAssembly(): WebAssemblyGlobal {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return Reflect.get(globalThis, "WebAssembly") as WebAssemblyGlobal;
}

async function listMigrations() {
  const baseDir = join(prismaDirectory, "migrations");
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
  return {
    baseDir,
    lockfile: { path: "./migration_lock.toml", content: 'provider = "sqlite"\n' },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(names.map((name) => readMigration({ baseDir, name }))),
  };
}

async function readMigration(input: { baseDir: string; name: string }) {
  const value = await readFile(join(input.baseDir, input.name, "migration.sql"), "utf8");
  return { path: input.name, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value } } };
}

function withoutEmptyMarker(script: string): string {
  return script.replace(/^-- This is an empty migration\.\s*$/m, "").trim();
}
