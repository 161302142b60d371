import type { Client, InArgs, InStatement, ResultSet, Transaction, TransactionMode } from "@libsql/client/sqlite3";
import { isBusyError, retryWhileBusy } from "./retry-while-busy.ts";

/** Inside SQLite, where it holds up this whole process: enough for the usual write of another one. */
const briefBusyTimeoutMs = 50;

/**
 * A connection that survives locks. It waits for them between tries instead of inside SQLite, and opens anew after each:
 * the driver leaves a statement that met a lock unfinished, and with it nothing on that connection is ever committed,
 * without any error (libsql 0.5, shown by patient-client.test.ts).
 */
export class PatientClient implements Client {
  readonly #client: Client;
  readonly #waitMs: number;
  readonly #onError: (error: unknown) => void;

  /** `onError` is told of each error that is no lock. */
  constructor(client: Client, waitMs: number, onError: (error: unknown) => void = () => undefined) {
    this.#client = client;
    this.#waitMs = waitMs;
    this.#onError = onError;
  }

  get closed(): boolean {
    return this.#client.closed;
  }

  get protocol(): string {
    return this.#client.protocol;
  }

  /** Once, before the first use. */
  async setPragmas(): Promise<void> {
    await this.#client.executeMultiple(
      `PRAGMA busy_timeout=${briefBusyTimeoutMs}; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;`,
    );
  }

  execute(statement: InStatement | string, args?: InArgs): Promise<ResultSet> {
    return this.#patiently(() =>
      typeof statement === "string" ? this.#client.execute(statement, args) : this.#client.execute(statement),
    );
  }

  batch(statements: (InStatement | [string, InArgs?])[], mode?: TransactionMode): Promise<ResultSet[]> {
    return this.#patiently(() => this.#client.batch(statements, mode));
  }

  migrate(statements: InStatement[]): Promise<ResultSet[]> {
    return this.#patiently(() => this.#client.migrate(statements));
  }

  // Always "write": a transaction that only later wants to write is refused when somebody else wrote meanwhile.
  transaction(): Promise<Transaction> {
    return this.#patiently(() => this.#client.transaction("write"));
  }

  // Also a transaction of this very connection is waited for: Prisma's own lock does not cover scripts.
  executeMultiple(sql: string): Promise<void> {
    return retryWhileBusy(() => this.#client.executeMultiple(sql), this.#waitMs);
  }

  sync(): ReturnType<Client["sync"]> {
    return this.#client.sync();
  }

  reconnect(): void {
    this.#client.reconnect();
  }

  close(): void {
    this.#client.close();
  }

  async #patiently<Result>(action: () => Promise<Result>): Promise<Result> {
    const deadlineMs = performance.now() + this.#waitMs;
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (!isBusyError(error)) {
          this.#onError(error);
          throw error;
        }
        this.#client.reconnect();
        await this.setPragmas();
        await this.#untilFree(Math.max(0, deadlineMs - performance.now()));
        if (performance.now() > deadlineMs) throw error;
      }
    }
  }

  /** Asked as a script, which the driver finishes also when it fails. */
  async #untilFree(waitMs: number): Promise<void> {
    await retryWhileBusy(() => this.#client.executeMultiple("BEGIN IMMEDIATE; ROLLBACK;"), waitMs);
  }
}
