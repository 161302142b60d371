import type { Session } from "../../bridge/session.ts";
import type { Connection, Endpoint } from "../../runs/connection.ts";
import type { Handshake } from "../../runs/handshake.ts";
import { version } from "../../version.ts";
import type { AggregateOptions } from "../aggregate-endpoint.ts";
import { localConnection } from "../local-connection.ts";
import { offersOf } from "../offered-lists.ts";
import { SearchBridge } from "./search-bridge.ts";
import { ToolIndex } from "./tool-index.ts";

export interface SearchOptions extends AggregateOptions {
  readonly all: Endpoint;
}

/** All servers behind two tools: /mcp/search. */
export class SearchEndpoint implements Endpoint {
  readonly name = "tool search";
  readonly isRetired = false;
  private readonly options: SearchOptions;
  /** Undefined when a list has changed since it was built. */
  private index: ToolIndex | undefined;

  constructor(options: SearchOptions) {
    this.options = options;
    options.onListsChanged((kinds) => {
      if (kinds.includes("tools")) this.index = undefined;
    });
  }

  connect(session: Session, onOver: () => void): Connection {
    const all = this.options.all.connect(session, onOver);
    return localConnection({
      bridge: new SearchBridge({ all: all.bridge, index: () => this.currentIndex() }),
      handshake: () => searchHandshake,
      reportBug: (error) => this.options.reportBug(error),
      onClosed: () => all.close(),
    });
  }

  private async currentIndex(): Promise<ToolIndex> {
    await this.options.listsKnown();
    return (this.index ??= new ToolIndex(offersOf(this.options.members, "tools")));
  }
}

const searchHandshake: Handshake = {
  era: "legacy",
  protocolVersion: "2025-11-25",
  result: {
    protocolVersion: "2025-11-25",
    capabilities: {
      tools: {},
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      completions: {},
      logging: {},
    },
    serverInfo: { name: "mcpproxy-search", title: "MCPProxy tool search", version },
    instructions:
      "The tools of many MCP servers behind two: find some with retrieve_tools, then call one of them with call_tool.",
  },
};
