import type { Redactor } from "@mcpproxy/core/redaction/redact";
import type { ApiContext } from "../api/services/context.ts";
import type { Endpoint } from "../runs/connection.ts";
import type { RunFeed } from "../runs/run-feed.ts";
import type { ServerListsRepository } from "../store/store.ts";
import { AggregateEndpoint, type AggregateOptions } from "./aggregate-endpoint.ts";
import { Catalog } from "./catalog.ts";
import { ConfiguredMembers, type ConfiguredServer } from "./configured-members.ts";
import type { Member, Members } from "./member.ts";
import { OwnToolsEndpoint, ownLists, ownName } from "./own-tools/own-tools-endpoint.ts";
import { SearchEndpoint } from "./search/search-endpoint.ts";

/** The configured servers, as this folder needs them. */
export interface ServerSet {
  readonly servers: readonly (ConfiguredServer & Endpoint)[];
  find(name: string): Endpoint | undefined;
}

export interface EndpointsOptions {
  readonly supervisor: ServerSet;
  readonly feed: RunFeed;
  readonly repository: ServerListsRepository;
  readonly redact: Redactor;
  /** For MCPProxy's own tools. */
  readonly context: ApiContext;
  onError(error: unknown, what: string): void;
}

/** Everything that clients can connect to. */
export interface Endpoints {
  /** By the name of a server; "" is all servers together, and "search" finds tools unless a server has that name. */
  find(name: string): Endpoint | undefined;
  names(): readonly string[];
  close(): void;
}

export async function openEndpoints(options: EndpointsOptions): Promise<Endpoints> {
  const { supervisor, onError } = options;
  const catalog = await Catalog.open(options);
  const servers = (): ServerSet["servers"] => supervisor.servers.filter(({ name }) => name !== ownName);
  const configured = new ConfiguredMembers({ catalog, feed: options.feed, servers });
  const reportBug = (error: unknown): void => onError(error, "a message of a client could not be handled");
  const own = new OwnToolsEndpoint({ context: options.context, reportBug });
  const shared: AggregateOptions = {
    members: withOwnTools(configured, own),
    listsKnown: () => configured.listsKnown(),
    onListsChanged: (listener) => catalog.onChange(listener),
    reportBug,
  };
  const all = new AggregateEndpoint(shared);
  const search = new SearchEndpoint({ ...shared, all });
  const special = new Map<string, Endpoint>([
    ["", all],
    ["search", search],
  ]);
  return {
    // An entry of the config with the name of our own tools is refused, and must not stand in their way.
    find: (name) => (name === own.name ? own : (supervisor.find(name) ?? special.get(name))),
    names: () => [...servers().map(({ name }) => name), own.name],
    close: () => configured.close(),
  };
}

function withOwnTools(configured: Members, own: Endpoint): Members {
  const member: Member = {
    name: own.name,
    endpoint: own,
    lists: () => ownLists,
    allowsTool: () => true,
    connectionReady: () => undefined,
  };
  return { all: () => [...configured.all(), member] };
}
