import { isToolAllowed, type ToolFilter } from "@mcpproxy/core/tools/tool-filter";
import { endsWithin } from "../waiting/deadline.ts";
import type { RunFeed } from "../runs/run-feed.ts";
import type { Catalog, ListedServer } from "./catalog.ts";
import type { Member, Members } from "./member.ts";

/** One configured server. */
export interface ConfiguredServer extends ListedServer {
  readonly isEnabled: boolean;
  readonly toolFilter: ToolFilter | undefined;
}

export interface ConfiguredMembersOptions {
  readonly catalog: Catalog;
  readonly feed: Pick<RunFeed, "subscribe">;
  /** In the order of the config. */
  servers(): readonly ConfiguredServer[];
}

/** How long a list waits for servers that never told what they offer: it is told to clients when they do. */
const firstLookMs = 5_000;

/** The enabled servers of the config, each with what it is known to offer. */
export class ConfiguredMembers implements Members {
  private readonly options: ConfiguredMembersOptions;
  private readonly byServer = new WeakMap<ConfiguredServer, Member>();
  private readonly seen = new Map<string, { readonly isReady: boolean; readonly visible: string }>();
  private readonly unsubscribe: () => void;

  constructor(options: ConfiguredMembersOptions) {
    this.options = options;
    this.unsubscribe = options.feed.subscribe((change) => {
      if (change.kind === "server") this.note(change.server.name);
      else if (change.kind === "server-removed") this.remove(change.name);
    });
    for (const { name } of options.servers()) this.note(name);
  }

  all(): readonly Member[] {
    return this.options
      .servers()
      .filter(({ isEnabled }) => isEnabled)
      .map((server) => this.member(server));
  }

  /** Resolves when every server has told what it offers, or has had time enough. */
  async listsKnown(): Promise<void> {
    const { catalog, servers } = this.options;
    const unknown = servers().filter(({ isEnabled, name }) => isEnabled && catalog.listsOf(name) === undefined);
    if (unknown.length === 0) return;
    await endsWithin(Promise.all(unknown.map((server) => catalog.discover(server))), firstLookMs);
  }

  close(): void {
    this.unsubscribe();
  }

  private member(server: ConfiguredServer): Member {
    const existing = this.byServer.get(server);
    if (existing !== undefined) return existing;
    const { catalog } = this.options;
    const member: Member = {
      name: server.name,
      endpoint: server,
      lists: () => catalog.listsOf(server.name),
      allowsTool: (tool) => server.toolFilter === undefined || isToolAllowed(server.toolFilter, tool),
      connectionReady(connection) {
        if (server.scope === "session") catalog.readFrom(server, connection);
      },
    };
    this.byServer.set(server, member);
    return member;
  }

  private note(name: string): void {
    const { catalog, servers } = this.options;
    const server = servers().find((candidate) => candidate.name === name);
    if (server === undefined) return;
    const before = this.seen.get(name);
    const known = catalog.listsOf(name);
    const visible = JSON.stringify([server.isEnabled, server.toolFilter ?? null]);
    this.seen.set(name, { isReady: server.isReady, visible });
    if (server.isReady && before?.isReady !== true) catalog.read(server);
    if (known === undefined) return;
    // What an earlier MCPProxy knew of it.
    if (before === undefined) server.noteTools(known.tools.map(({ key }) => key));
    if (before?.visible !== visible) catalog.tell(["tools", "prompts", "resources"]);
  }

  private remove(name: string): void {
    this.seen.delete(name);
    this.options.catalog.forget(name);
  }
}
