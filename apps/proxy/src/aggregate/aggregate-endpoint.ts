import type { Session } from "../bridge/session.ts";
import type { Connection, Endpoint } from "../runs/connection.ts";
import type { Handshake } from "../runs/handshake.ts";
import { version } from "../version.ts";
import { AggregateBridge } from "./aggregate-bridge.ts";
import { localConnection } from "./local-connection.ts";
import type { Members } from "./member.ts";
import type { ListKind } from "./server-lists.ts";

export interface AggregateOptions {
  readonly members: Members;
  /** Resolves when every server has told what it offers, or has had time enough. */
  listsKnown(): Promise<void>;
  /** Returns the function that ends the subscription. */
  onListsChanged(listener: (kinds: readonly ListKind[]) => void): () => void;
  reportBug(error: unknown): void;
}

/** All enabled servers as one: /mcp. */
export class AggregateEndpoint implements Endpoint {
  readonly name = "all servers";
  readonly isRetired = false;
  private readonly options: AggregateOptions;

  constructor(options: AggregateOptions) {
    this.options = options;
  }

  connect(session: Session): Connection {
    const { members, onListsChanged, reportBug } = this.options;
    const bridge = new AggregateBridge({ ...this.options, client: session });
    const unsubscribe = onListsChanged((kinds) => bridge.listsChanged(kinds));
    return localConnection({
      bridge,
      handshake: () => aggregateHandshake(members),
      reportBug,
      onClosed() {
        unsubscribe();
        bridge.close();
      },
    });
  }
}

const instructionsLengthMax = 20_000;

function aggregateHandshake(members: Members): Handshake {
  const protocolVersion = "2025-11-25";
  return {
    era: "legacy",
    protocolVersion,
    result: {
      protocolVersion,
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        completions: {},
        logging: {},
      },
      serverInfo: { name: "mcpproxy", title: "MCPProxy", version },
      instructions: instructionsOf(members),
    },
  };
}

function instructionsOf(members: Members): string {
  const own = members.all().flatMap((member) => {
    const text = member.lists()?.instructions;
    return text === undefined ? [] : [`## ${member.name}\n${text}`];
  });
  const intro =
    "Several MCP servers behind one endpoint: tools and prompts are named server__name. When a tool fails because its server does, ask mcpproxy__explain_last_exit.";
  return [intro, ...own].join("\n\n").slice(0, instructionsLengthMax);
}
