import type { Call } from "../bridge/calls.ts";
import type { ClientSide } from "../bridge/client-side.ts";
import type { RpcError } from "../bridge/rpc-error.ts";
import type { NotificationMessage, RequestMessage } from "../bridge/scan-message.ts";
import type { CallSink, Session } from "../bridge/session.ts";
import { OpenCall } from "./open-call.ts";
import { OpenCalls } from "./open-calls.ts";

export type LocalAnswer =
  | { readonly kind: "result"; readonly result: object }
  | { readonly kind: "error"; readonly error: RpcError };

/** A server inside MCPProxy: answers each request by itself, and never asks. */
export class LocalBridge implements ClientSide {
  readonly era = "legacy";
  private readonly answer: (message: RequestMessage) => Promise<LocalAnswer>;
  private readonly calls = new OpenCalls();

  /** The promise must not reject. */
  constructor(answer: (message: RequestMessage) => Promise<LocalAnswer>) {
    this.answer = answer;
  }

  get callsInFlight(): number {
    return this.calls.size;
  }

  request(session: Session, message: RequestMessage, sink: CallSink): Call {
    const call = this.calls.begin(session, message, sink);
    void this.work(call, message);
    return call;
  }

  notification(session: Session, message: NotificationMessage): void {
    const call = message.method === "notifications/cancelled" ? this.calls.cancelled(session, message) : undefined;
    if (call !== undefined) this.abandon(call);
  }

  response(): void {
    // It never asks, so there is nothing to answer.
  }

  abandon(call: Call): void {
    if (call instanceof OpenCall && this.calls.finish(call)) call.sink.onCancelled();
  }

  addListener(): void {
    // Its lists never change.
  }

  removeListener(): void {
    // As above.
  }

  private async work(call: OpenCall, message: RequestMessage): Promise<void> {
    const answer = await this.answer(message);
    if (answer.kind === "result") this.calls.answer(call, JSON.stringify(answer.result));
    else this.calls.refuse(call, answer.error);
  }
}
