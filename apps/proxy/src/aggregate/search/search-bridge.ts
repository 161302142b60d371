import { z } from "zod";
import type { Call } from "../../bridge/calls.ts";
import type { ClientSide } from "../../bridge/client-side.ts";
import type { Listener } from "../../bridge/listener.ts";
import {
  spanString,
  spanText,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from "../../bridge/scan-message.ts";
import type { CallSink, Session } from "../../bridge/session.ts";
import { LocalBridge, type LocalAnswer } from "../local-bridge.ts";
import { innerCallOf } from "./inner-call.ts";
import { retrieveArguments, searchTools } from "./search-tools.ts";
import type { ToolIndex } from "./tool-index.ts";

export interface SearchBridgeOptions {
  /** All servers as one. */
  readonly all: ClientSide;
  /** Of all tools as they are now. */
  index(): Promise<ToolIndex>;
}

const paramsSchema = z.object({ arguments: z.unknown().optional() });

/** All servers behind two tools: one that finds tools and one that calls them. All else is as at the aggregate. */
export class SearchBridge implements ClientSide {
  readonly era = "legacy";
  private readonly options: SearchBridgeOptions;
  private readonly local: LocalBridge;

  constructor(options: SearchBridgeOptions) {
    this.options = options;
    this.local = new LocalBridge((message) => this.answer(message));
  }

  get callsInFlight(): number {
    return this.options.all.callsInFlight + this.local.callsInFlight;
  }

  request(session: Session, message: RequestMessage, sink: CallSink): Call | undefined {
    const isToolCall = message.method === "tools/call";
    if (!isToolCall && message.method !== "tools/list") return this.options.all.request(session, message, sink);
    const inner = isToolCall && nameOf(message) === "call_tool" ? innerCallOf(message) : undefined;
    return inner?.kind === "call"
      ? this.options.all.request(session, inner.message, sink)
      : this.local.request(session, message, sink);
  }

  notification(session: Session, message: NotificationMessage): void {
    this.options.all.notification(session, message);
    this.local.notification(session, message);
  }

  response(session: Session, message: ResponseMessage): void {
    this.options.all.response(session, message);
  }

  abandon(call: Call, reason: string): void {
    this.options.all.abandon(call, reason);
    this.local.abandon(call);
  }

  addListener(listener: Listener): void {
    this.options.all.addListener(listener);
  }

  removeListener(listener: Listener): void {
    this.options.all.removeListener(listener);
  }

  private async answer(message: RequestMessage): Promise<LocalAnswer> {
    if (message.method === "tools/list") return { kind: "result", result: { tools: searchTools } };
    const name = nameOf(message);
    if (name === "retrieve_tools") return await this.retrieve(message);
    const inner = name === "call_tool" ? innerCallOf(message) : undefined;
    if (inner?.kind === "refused") return { kind: "error", error: inner.error };
    const text = `Unknown tool: ${name ?? "without a name"}. Here are retrieve_tools and call_tool; call others with call_tool.`;
    return { kind: "error", error: { code: "invalid_params", message: text } };
  }

  private async retrieve({ bytes, params }: RequestMessage): Promise<LocalAnswer> {
    const outer = paramsSchema.parse(params === undefined ? {} : JSON.parse(spanText(bytes, params.span)));
    const parsed = retrieveArguments.safeParse(outer.arguments);
    if (!parsed.success) {
      const text = `retrieve_tools: ${z.prettifyError(parsed.error)}`;
      return { kind: "result", result: { content: [{ type: "text", text }], isError: true } };
    }
    const { query, limit } = parsed.data;
    const index = await this.options.index();
    const content = { tools: index.find(query, limit), total: index.size };
    return {
      kind: "result",
      result: { content: [{ type: "text", text: JSON.stringify(content) }], structuredContent: content },
    };
  }
}

function nameOf({ bytes, name }: RequestMessage): string | undefined {
  return spanString(bytes, name);
}
