import { StoreError } from "./store-error.ts";
import { sqliteTroubleOf, type SqliteTrouble } from "./sqlite-trouble.ts";

const retryAfterMs = 1_000;
const waitingMax = 20_000;

/** The history cannot be written right now. */
export interface HistoryTrouble {
  /** For people: what is wrong and what to do. */
  readonly message: string;
  /** RFC 3339 */
  readonly since: string;
}

export interface DurableWritesOptions {
  readonly databasePath: string;
  /** Told, in words for people, when the trouble begins and when it is over. */
  readonly onNotice: (message: string) => void;
  /** Told when a part of the database turns out to be damaged. */
  readonly onDamaged?: () => void;
}

/**
 * Writes in order. While the database takes nothing (locked by somebody, disk full), the writes wait in memory and are
 * tried again every second: a server must not stop for its history, and the history must not lose an end.
 */
export class DurableWrites {
  private readonly options: DurableWritesOptions;
  private waiting: (() => Promise<unknown>)[] = [];
  private dropped = 0;
  private current: HistoryTrouble | undefined;
  private timer: NodeJS.Timeout | undefined;
  private retrying: Promise<void> = Promise.resolve();
  private lastTurn: Promise<void> = Promise.resolve();

  constructor(options: DurableWritesOptions) {
    this.options = options;
  }

  get isInTrouble(): boolean {
    return this.waiting.length > 0;
  }

  /** Undefined while all is well. */
  get trouble(): HistoryTrouble | undefined {
    return this.current;
  }

  /** Resolves when it is written, or with undefined when it waits. Rejects with what is no trouble of the database. */
  async run<Result>(write: () => Promise<Result>): Promise<Result | undefined> {
    if (this.isInTrouble) return this.keep(write);
    const endTurn = await this.takeTurn();
    try {
      if (this.isInTrouble) return this.keep(write);
      return await write();
    } catch (error) {
      const trouble = sqliteTroubleOf(error);
      if (trouble === undefined) throw error;
      if (trouble === "damaged") this.options.onDamaged?.();
      if (!this.isInTrouble) this.begin(trouble);
      return this.keep(write);
    } finally {
      endTurn();
    }
  }

  /**
   * The driver works synchronously behind its promises: a queue of writes would hold up every timer and socket until
   * the last is done. So each has a turn of the event loop for itself.
   */
  private async takeTurn(): Promise<() => void> {
    const before = this.lastTurn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.lastTurn = promise;
    await before;
    return () => setImmediate(resolve);
  }

  /** Tries what waits a last time. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.retrying;
    await this.retry();
    clearTimeout(this.timer);
    if (this.isInTrouble) {
      this.options.onNotice(
        `${this.waiting.length} changes of the history could not be written to ${this.options.databasePath} and are lost. The next start gives open runs a verdict.`,
      );
    }
  }

  private begin(trouble: SqliteTrouble): void {
    const message = beginningOf(trouble, this.options.databasePath);
    this.current = { message, since: new Date().toISOString() };
    this.options.onNotice(message);
  }

  private keep(write: () => Promise<unknown>): undefined {
    if (this.waiting.length >= waitingMax) this.dropped += 1;
    else this.waiting.push(write);
    this.timer ??= setTimeout(() => this.retryLater(), retryAfterMs).unref();
    return undefined;
  }

  private retryLater(): void {
    this.timer = undefined;
    this.retrying = this.retrying.then(() => this.retry());
  }

  private async retry(): Promise<void> {
    const count = this.waiting.length;
    if (count === 0) return;
    for (let write = this.waiting[0]; write !== undefined; write = this.waiting[0]) {
      if (!(await this.isDone(write))) {
        this.timer ??= setTimeout(() => this.retryLater(), retryAfterMs).unref();
        return;
      }
      // Only now: until it is written, later writes have to wait behind it.
      this.waiting.shift();
      (await this.takeTurn())();
    }
    const lost = this.dropped === 0 ? "" : ` ${this.dropped} could not be kept and are lost.`;
    this.dropped = 0;
    this.current = undefined;
    this.options.onNotice(`The history is written again; at least ${count} changes that waited are in it.${lost}`);
  }

  /** False while the trouble lasts. A write that fails for another reason is given up: it would block all others. */
  private async isDone(write: () => Promise<unknown>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (sqliteTroubleOf(error) !== undefined) return false;
      this.options.onNotice(`A change of the history could not be written and is lost: ${String(error)}`);
      return true;
    }
  }
}

/** For a history that cannot even be opened. */
export function unavailableError(databasePath: string, cause: unknown): unknown {
  const trouble = sqliteTroubleOf(cause);
  if (trouble === undefined) return cause;
  const message = `The history ${databasePath} cannot be opened: ${whatToDo[trouble]}, or start with another --data-dir.`;
  return new StoreError({ code: "database_unavailable", message, cause });
}

const whatToDo: Readonly<Record<SqliteTrouble, string>> = {
  locked: "it is locked by another program. Close what has it open",
  full: "the disk is full. Free some space",
  unwritable: "the disk refuses it. Check the disk and the permissions",
  damaged: "it is damaged. Restart MCPProxy: it moves the file aside and begins a new one",
};

function beginningOf(trouble: SqliteTrouble, databasePath: string): string {
  return `The history ${databasePath} cannot be written: ${whatToDo[trouble]}. Servers go on; changes wait in memory and are written when it works again.`;
}
