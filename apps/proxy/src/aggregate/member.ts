import type { Connection, Endpoint } from "../runs/connection.ts";
import type { ServerLists } from "./server-lists.ts";

/** A server as one of all servers. */
export interface Member {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** As last known, also while it does not run; undefined when it never told. */
  lists(): ServerLists | undefined;
  allowsTool(tool: string): boolean;
  /** Its connection has become ready, or has told of a change: what it offers can be asked. */
  connectionReady(connection: Connection): void;
}

/** All that is enabled, in the order of the config. */
export interface Members {
  all(): readonly Member[];
}
