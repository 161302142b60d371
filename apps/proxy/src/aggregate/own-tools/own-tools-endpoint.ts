import { z } from "zod";
import { toKnownError } from "../../api/known-error.ts";
import type { ApiContext } from "../../api/services/context.ts";
import { spanText, type RequestMessage } from "../../bridge/scan-message.ts";
import type { Connection, Endpoint } from "../../runs/connection.ts";
import type { Handshake } from "../../runs/handshake.ts";
import { version } from "../../version.ts";
import { LocalBridge, type LocalAnswer } from "../local-bridge.ts";
import { localConnection } from "../local-connection.ts";
import type { ServerLists } from "../server-lists.ts";
import { explainLastExitTool } from "./explain-last-exit.ts";
import { listRunsTool } from "./list-runs.ts";
import { listServersTool } from "./list-servers.ts";
import { describeOwnTool } from "./own-tool.ts";
import { restartServerTool } from "./restart-server.ts";
import { tailLogTool } from "./tail-log.ts";

const tools = [listServersTool, explainLastExitTool, listRunsTool, tailLogTool, restartServerTool];
const descriptions = tools.map(describeOwnTool);
const callSchema = z.object({ name: z.string(), arguments: z.looseObject({}).optional() });

/** No server of the config may have this name. */
export const ownName = "mcpproxy";

/** Lists as the aggregate keeps them of every server. */
export const ownLists: ServerLists = {
  tools: tools.map((tool) => ({ key: tool.name, text: JSON.stringify(describeOwnTool(tool)) })),
  prompts: [],
  resources: [],
  resourceTemplates: [],
};

export interface OwnToolsOptions {
  /** Everything that the API may use, on behalf of whoever calls. */
  readonly context: ApiContext;
  reportBug(error: unknown): void;
}

/** MCPProxy's own tools as a server: /mcp/mcpproxy, and `mcpproxy` among all servers. */
export class OwnToolsEndpoint implements Endpoint {
  readonly name = ownName;
  readonly isRetired = false;
  private readonly options: OwnToolsOptions;

  constructor(options: OwnToolsOptions) {
    this.options = options;
  }

  connect(): Connection {
    return localConnection({
      bridge: new LocalBridge((message) => this.answer(message)),
      handshake: () => ownHandshake,
      reportBug: (error) => this.options.reportBug(error),
      onClosed: () => undefined,
    });
  }

  private async answer(message: RequestMessage): Promise<LocalAnswer> {
    switch (message.method) {
      case "ping":
        return { kind: "result", result: {} };
      case "tools/list":
        return { kind: "result", result: { tools: descriptions } };
      case "tools/call":
        return await this.call(message);
      default:
        return {
          kind: "error",
          error: { code: "method_not_found", message: `mcpproxy has tools only, no ${message.method}.` },
        };
    }
  }

  private async call({ bytes, params }: RequestMessage): Promise<LocalAnswer> {
    const parsed = callSchema.safeParse(params === undefined ? {} : JSON.parse(spanText(bytes, params.span)));
    const tool = tools.find(({ name }) => name === parsed.data?.name);
    if (!parsed.success || tool === undefined) {
      const names = tools.map(({ name }) => name).join(", ");
      const message = `Unknown tool: ${parsed.data?.name ?? "without a name"}. Tools: ${names}.`;
      return { kind: "error", error: { code: "invalid_params", message } };
    }
    try {
      const content = await tool.run(this.options.context, parsed.data.arguments);
      return {
        kind: "result",
        result: { content: [{ type: "text", text: JSON.stringify(content, null, 2) }], structuredContent: content },
      };
    } catch (error) {
      return { kind: "result", result: { content: [{ type: "text", text: this.describe(error) }], isError: true } };
    }
  }

  /** What a model can act on. */
  private describe(error: unknown): string {
    if (error instanceof z.ZodError) return `The arguments do not fit: ${z.prettifyError(error)}`;
    const known = toKnownError(error);
    if (known !== undefined) return known.message;
    this.options.reportBug(error);
    return "MCPProxy failed to answer; see main.log.";
  }
}

const ownHandshake: Handshake = {
  era: "legacy",
  protocolVersion: "2025-11-25",
  result: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "mcpproxy", title: "MCPProxy", version },
    instructions: "Tools to see and mend the MCP servers that MCPProxy runs.",
  },
};
