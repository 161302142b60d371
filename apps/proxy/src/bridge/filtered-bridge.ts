import { isToolAllowed, type ToolFilter } from "@mcpproxy/core/tools/tool-filter";
import type { Call } from "./calls.ts";
import type { ClientSide } from "./client-side.ts";
import { keepElements } from "./list-elements.ts";
import type { Listener } from "./listener.ts";
import { errorResponse } from "./rpc-error.ts";
import {
  spanString,
  spanText,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from "./scan-message.ts";
import type { CallSink, Session } from "./session.ts";
import { unknownToolError } from "./unknown-tool.ts";

export interface FilteredBridgeOptions {
  readonly server: string;
  /** As the config says it right now; undefined lets everything pass. */
  filter(): ToolFilter | undefined;
}

/** Shows clients only those tools of a server that its config allows. MCPProxy's own requests see them all. */
export class FilteredBridge implements ClientSide {
  private readonly bridge: ClientSide;
  private readonly options: FilteredBridgeOptions;

  constructor(bridge: ClientSide, options: FilteredBridgeOptions) {
    this.bridge = bridge;
    this.options = options;
  }

  get era(): ClientSide["era"] {
    return this.bridge.era;
  }

  get callsInFlight(): number {
    return this.bridge.callsInFlight;
  }

  request(session: Session, message: RequestMessage, sink: CallSink): Call | undefined {
    const filter = session.isClient ? this.options.filter() : undefined;
    if (filter === undefined) return this.bridge.request(session, message, sink);
    if (message.method === "tools/list") return this.bridge.request(session, message, filtering(sink, filter));
    const tool = message.method === "tools/call" ? spanString(message.bytes, message.name) : undefined;
    if (tool === undefined || isToolAllowed(filter, tool)) return this.bridge.request(session, message, sink);
    const { server } = this.options;
    sink.onResult(errorResponse(spanText(message.bytes, message.id), unknownToolError(tool, { hiddenBy: server })));
    return undefined;
  }

  notification(session: Session, message: NotificationMessage): void {
    this.bridge.notification(session, message);
  }

  response(session: Session, message: ResponseMessage): void {
    this.bridge.response(session, message);
  }

  abandon(call: Call, reason: string): void {
    this.bridge.abandon(call, reason);
  }

  addListener(listener: Listener): void {
    this.bridge.addListener(listener);
  }

  removeListener(listener: Listener): void {
    this.bridge.removeListener(listener);
  }
}

/** A server asks nothing in the course of a list, so that the rest of a sink is not needed. */
function filtering(sink: CallSink, filter: ToolFilter): CallSink {
  return {
    onMessage: (message) => sink.onMessage(message),
    onResult: (message, answer) =>
      sink.onResult(
        keepElements(message, "tools", (tool) => isToolAllowed(filter, tool)),
        answer,
      ),
    onCancelled: () => sink.onCancelled(),
    editAnswer: (answer) => sink.editAnswer?.(answer) ?? [],
  };
}
