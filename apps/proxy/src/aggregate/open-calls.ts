import { errorResponse, resultResponse, type RpcError } from "../bridge/rpc-error.ts";
import { spanText, type NotificationMessage, type RequestMessage } from "../bridge/scan-message.ts";
import type { CallSink, Session } from "../bridge/session.ts";
import { OpenCall } from "./open-call.ts";

/** The requests that are not answered yet. */
export class OpenCalls {
  private readonly all = new Set<OpenCall>();
  private nextId = 1;

  get size(): number {
    return this.all.size;
  }

  begin(session: Session, message: RequestMessage, sink: CallSink): OpenCall {
    const call = new OpenCall(this.nextId, { session, message, sink });
    this.nextId += 1;
    this.all.add(call);
    return call;
  }

  /** False when it is over already: nobody waits for an answer. */
  finish(call: OpenCall): boolean {
    call.isOver = true;
    return this.all.delete(call);
  }

  /** Answers with a result of MCPProxy's own, as raw JSON. */
  answer(call: OpenCall, resultText: string): void {
    if (this.finish(call)) call.sink.onResult(resultResponse(call.clientIdText, resultText));
  }

  refuse(call: OpenCall, error: RpcError): void {
    if (this.finish(call)) call.sink.onResult(errorResponse(call.clientIdText, error));
  }

  /** The call that a notifications/cancelled means; with the same id in flight twice nobody can say which one. */
  cancelled(session: Session, { bytes, requestId }: NotificationMessage): OpenCall | undefined {
    const idText = requestId && spanText(bytes, requestId);
    const candidates = [...this.all].filter((call) => call.session === session && call.clientIdText === idText);
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  list(): readonly OpenCall[] {
    return [...this.all];
  }
}
