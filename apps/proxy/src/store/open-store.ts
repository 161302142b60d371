import { existsSync } from "node:fs";
import type { Client } from "@libsql/client/sqlite3";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { createAuditRepository } from "./audit-repository.ts";
import { BackgroundWork } from "./background-work.ts";
import { createBrowserSessionRepository } from "./browser-session-repository.ts";
import { connectDatabase } from "./connect-database.ts";
import { createDatabase } from "./create-database.ts";
import {
  isCorruptDatabaseError,
  isEmptied,
  isMarkedDamaged,
  markDamaged,
  moveDatabaseAside,
} from "./corrupt-database.ts";
import { DurableWrites, unavailableError, type HistoryTrouble } from "./durable-writes.ts";
import { createFailureRepository } from "./failure-repository.ts";
import { fingerprintEarlierRuns } from "./fingerprint-earlier-runs.ts";
import { createHoldRepository } from "./hold-repository.ts";
import { createServerListsRepository } from "./server-lists-repository.ts";
import { migrations } from "./generated/migrations.ts";
import { PrismaClient } from "./generated/prisma/client.ts";
import { migrate } from "./migrate.ts";
import { createOutageRepository } from "./outage-repository.ts";
import { PatientClient } from "./patient-client.ts";
import { createRetention } from "./retention.ts";
import { createReviewRepository } from "./review-repository.ts";
import { createRunRepository } from "./run-repository.ts";
import { addRunSamples } from "./run-samples.ts";
import { putRunToolCalls } from "./run-tool-calls.ts";
import { SampleBuffer } from "./sample-buffer.ts";
import { sqliteTroubleOf } from "./sqlite-trouble.ts";
import { createServerHistoryRepository } from "./server-history-repository.ts";
import type { Store } from "./store.ts";
import { ToolCallsBuffer } from "./tool-calls-buffer.ts";

/** A start, an exit and a verdict may wait this long; what takes longer waits in memory. */
const lockWaitMs = 1_000;

export interface OpenStoreOptions {
  readonly databasePath: string;
  /** Told, in words for people, when a corrupt database was moved aside, and when the history cannot be written. */
  readonly onNotice: (message: string) => void;
}

/**
 * Opens the history and brings its tables up to date.
 * Throws a StoreError when the database belongs to a newer version, or cannot be opened.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  let isOpen = false;
  // Until then damage is no news: it is seen to here.
  const onNotice = (message: string): void => void (isOpen && options.onNotice(message));
  const store = await createStore(await openMigratedDatabase(options), { ...options, onNotice });
  try {
    // What every start reads first: found damaged now, the file can still be moved aside.
    await store.runs.open();
    await store.runs.lastEnded();
    isOpen = true;
    return store;
  } catch (error) {
    await store.close();
    if (sqliteTroubleOf(error) !== "damaged") throw error;
    return await createStore(await beginAnew(options), options);
  }
}

async function createStore(client: Client, options: OpenStoreOptions): Promise<Store> {
  const damage = createDamageNote(options);
  const patient = new PatientClient(client, lockWaitMs, (error) => {
    if (isCorruptDatabaseError(error)) damage.note();
  });
  await patient.setPragmas();
  const prisma = new PrismaClient({ adapter: new ConnectedLibSql(patient) });
  const writes = new DurableWrites({ ...options, onDamaged: () => damage.note() });
  const onError = (error: unknown): void =>
    options.onNotice(`Memory readings could not be written to the history: ${String(error)}`);
  const samples = new SampleBuffer({
    // In trouble the log has said so already, and readings are not worth the memory.
    write: async (rows) => void (writes.isInTrouble || (await writes.run(() => addRunSamples(prisma, rows)))),
    onError,
  });
  const toolCalls = new ToolCallsBuffer({
    write: async (rows) => {
      await writes.run(() => putRunToolCalls(prisma, rows));
    },
    isHeldUp: () => writes.isInTrouble,
    onError: (error) => options.onNotice(`Counts of calls could not be written to the history: ${String(error)}`),
  });
  const background = new BackgroundWork(onError);
  const closing = new AbortController();
  background.add(async () => {
    // Only groups of failures lack something meanwhile; the next start goes on with it.
    await fingerprintEarlierRuns(prisma, closing.signal).catch((error: unknown) =>
      options.onNotice(`Failures of earlier versions could not be grouped: ${String(error)}`),
    );
  });
  return {
    runs: createRunRepository({ prisma, writes, samples, toolCalls, background }),
    reviews: createReviewRepository(prisma),
    failures: createFailureRepository(prisma),
    serverHistory: createServerHistoryRepository(prisma),
    audit: createAuditRepository(prisma, writes),
    outages: createOutageRepository(prisma, writes),
    holds: createHoldRepository(prisma, writes),
    serverLists: createServerListsRepository(prisma, writes),
    retention: createRetention(prisma, (sql) => patient.executeMultiple(sql)),
    browserSessions: createBrowserSessionRepository(prisma),
    trouble: () => writes.trouble ?? damage.trouble,
    async close() {
      if (client.closed) return;
      closing.abort();
      await background.settled();
      await samples.flush();
      await toolCalls.flush();
      await writes.close();
      await closeDatabase(client, prisma);
    },
  };
}

/** Once: pages that are only read may be bad as well. */
function createDamageNote({ databasePath, onNotice }: OpenStoreOptions) {
  let trouble: HistoryTrouble | undefined;
  return {
    get trouble() {
      return trouble;
    },
    note(): void {
      if (trouble !== undefined) return;
      const message = `A part of the history ${databasePath} is damaged. Restart MCPProxy: it moves the file aside and begins a new one; nothing is deleted.`;
      trouble = { message, since: new Date().toISOString() };
      markDamaged(databasePath);
      onNotice(message);
    },
  };
}

async function closeDatabase(client: Client, prisma: PrismaClient): Promise<void> {
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
    // Another process is writing, or the disk is full: nothing is lost in the WAL.
    if (sqliteTroubleOf(error) === undefined) throw error;
  }
}

async function openMigratedDatabase(options: OpenStoreOptions): Promise<Client> {
  if (isMarkedDamaged(options.databasePath) || isEmptied(options.databasePath)) return await beginAnew(options);
  try {
    return await connectAndMigrate(options.databasePath);
  } catch (error) {
    if (!isCorruptDatabaseError(error)) throw unavailableError(options.databasePath, error);
    return await beginAnew(options);
  }
}

async function beginAnew({ databasePath, onNotice }: OpenStoreOptions): Promise<Client> {
  const asidePath = moveDatabaseAside(databasePath, new Date());
  onNotice(
    `The history ${databasePath} is damaged. It was moved to ${asidePath} and a new, empty one was begun; nothing was deleted.`,
  );
  return await connectAndMigrate(databasePath);
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
