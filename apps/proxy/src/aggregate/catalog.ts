import { createSession } from "../bridge/session.ts";
import type { Bridge } from "../bridge/bridge.ts";
import type { Connection, Endpoint } from "../runs/connection.ts";
import type { Handshake } from "../runs/handshake.ts";
import type { ServerListsRepository } from "../store/store.ts";
import { collectLists } from "./collect-lists.ts";
import { changedLists, type ListKind, type ServerLists } from "./server-lists.ts";
import { RememberedLists } from "./remembered-lists.ts";

/** A configured server, as far as its lists go. */
export interface ListedServer extends Endpoint {
  readonly isReady: boolean;
  readonly scope: "shared" | "session";
  /** Of the run that all sessions share. */
  readonly bridge: Bridge;
  ensureReady(trigger: "call"): Promise<Handshake>;
  /** It has told which tools it has. */
  noteTools(tools: readonly string[]): void;
}

export interface CatalogOptions {
  readonly repository: ServerListsRepository;
  readonly redact: (text: string) => string;
  onError(error: unknown, what: string): void;
}

type ListSource = Pick<Connection, "bridge" | "isReady" | "ensureReady">;

interface Entry {
  server: ListedServer | undefined;
  lists: ServerLists | undefined;
  /** The reading that goes on; a change during it asks for another. */
  reading: Promise<void> | undefined;
  isStale: boolean;
  /** The first look at a server that never told, and when it began. */
  discovery: { readonly done: Promise<void>; readonly startedMs: number } | undefined;
}

/** A server that could not be asked is not started by each list. */
const secondLookMs = 60_000;

const allLists = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };

/** What each server offers, as last known: read when it becomes ready and when it tells of a change, kept over restarts. */
export class Catalog {
  private readonly entries = new Map<string, Entry>();
  private readonly remembered: RememberedLists;
  private readonly listeners = new Set<(kinds: readonly ListKind[]) => void>();
  private readonly watched = new WeakSet<ListedServer>();

  private constructor(remembered: RememberedLists) {
    this.remembered = remembered;
  }

  /** With what earlier runs of MCPProxy knew. */
  static async open(options: CatalogOptions): Promise<Catalog> {
    const remembered = new RememberedLists(options);
    const catalog = new Catalog(remembered);
    for (const [server, lists] of await remembered.all()) catalog.entry(server).lists = lists;
    return catalog;
  }

  listsOf(server: string): ServerLists | undefined {
    return this.entries.get(server)?.lists;
  }

  /** Returns the function that ends the subscription. */
  onChange(listener: (kinds: readonly ListKind[]) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(kinds: readonly ListKind[]): void {
    if (kinds.length > 0) for (const listener of this.listeners) listener(kinds);
  }

  /** The server has become ready, or has told of a change. */
  read(server: ListedServer): void {
    if (server.scope === "session") return;
    this.watch(server);
    this.readFrom(server, server);
  }

  /** The same for a server whose sessions have runs of their own. */
  readFrom(server: ListedServer, source: ListSource): void {
    const entry = this.entry(server.name);
    entry.server = server;
    entry.isStale = true;
    entry.reading ??= this.readUntilFresh(entry, source).finally(() => {
      entry.reading = undefined;
    });
  }

  /** Looks at a server that never told what it offers, starting it if need be. Never rejects; one that fails is not tried again at once. */
  async discover(server: ListedServer): Promise<void> {
    const entry = this.entry(server.name);
    if (entry.lists !== undefined) return;
    const startedMs = performance.now();
    const isOld = entry.discovery !== undefined && startedMs - entry.discovery.startedMs > secondLookMs;
    if (entry.server !== server || isOld) entry.discovery = undefined;
    entry.server = server;
    entry.discovery ??= { done: this.look(server, entry).catch(() => undefined), startedMs };
    await entry.discovery.done;
  }

  /** It left the config. */
  forget(server: string): void {
    const { lists } = this.entry(server);
    this.entries.delete(server);
    this.remembered.remove(server);
    this.tell(changedLists(lists, undefined));
  }

  private async look(server: ListedServer, entry: Entry): Promise<void> {
    if (server.scope === "shared") {
      await server.ensureReady("call");
      this.read(server);
      await entry.reading;
      return;
    }
    const connection = server.connect(
      createSession("mcpproxy-lists", () => undefined),
      () => undefined,
    );
    try {
      await connection.ensureReady("call");
      this.readFrom(server, connection);
      await entry.reading;
    } finally {
      connection.close();
    }
  }

  private watch(server: ListedServer): void {
    if (this.watched.has(server)) return;
    this.watched.add(server);
    server.bridge.addListener({ filter: allLists, deliver: () => this.read(server) });
  }

  private async readUntilFresh(entry: Entry, source: ListSource): Promise<void> {
    while (entry.isStale) {
      entry.isStale = false;
      // It went down meanwhile, and asking would start it: when it is ready again it is asked again.
      if (!source.isReady) return;
      try {
        const lists = await collectLists(source.bridge, await source.ensureReady("call"));
        if (lists !== undefined) this.take(entry, lists);
      } catch {
        // The same, a moment later.
        return;
      }
    }
  }

  private take(entry: Entry, lists: ServerLists): void {
    const { server } = entry;
    // It may have left the config while it was asked.
    if (server === undefined || this.entries.get(server.name) !== entry) return;
    const changed = changedLists(entry.lists, lists);
    entry.lists = lists;
    server.noteTools(lists.tools.map(({ key }) => key));
    if (changed.length === 0) return;
    this.remembered.put(server.name, lists);
    this.tell(changed);
  }

  private entry(server: string): Entry {
    const existing = this.entries.get(server);
    if (existing !== undefined) return existing;
    const entry: Entry = {
      server: undefined,
      lists: undefined,
      reading: undefined,
      isStale: false,
      discovery: undefined,
    };
    this.entries.set(server, entry);
    return entry;
  }
}
