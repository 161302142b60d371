import { FilteredBridge, type FilteredBridgeOptions } from "../bridge/filtered-bridge.ts";
import type { Connection } from "./connection.ts";

/** A connection that shows only the tools that the server's config allows. */
export function filteredConnection(connection: Connection, options: FilteredBridgeOptions): Connection {
  const bridge = new FilteredBridge(connection.bridge, options);
  return {
    bridge,
    get isReady() {
      return connection.isReady;
    },
    get isOver() {
      return connection.isOver;
    },
    ensureReady: (trigger) => connection.ensureReady(trigger),
    reportBug: (error) => connection.reportBug(error),
    close: () => connection.close(),
  };
}
