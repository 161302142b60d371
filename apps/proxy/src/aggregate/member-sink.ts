import type { ClientSide } from "../bridge/client-side.ts";
import { replaceSpans, type Replacement } from "../bridge/replace-spans.ts";
import {
  scanMessage,
  spanText,
  type Message,
  type RequestMessage,
  type ResponseMessage,
} from "../bridge/scan-message.ts";
import type { CallSink, ServerRequestToClient, Session } from "../bridge/session.ts";
import type { OpenCall } from "./open-call.ts";
import type { OpenCalls } from "./open-calls.ts";
import type { ServerQuestions } from "./server-questions.ts";

export interface MemberSinkOptions {
  readonly call: OpenCall;
  readonly calls: OpenCalls;
  readonly questions: ServerQuestions;
  readonly bridge: ClientSide;
  /** The client, as the server's bridge knows it. */
  readonly session: Session;
}

/** Carries what a server says in the course of a call on to the client that called through the aggregate. */
export class MemberSink implements CallSink {
  private readonly options: MemberSinkOptions;

  constructor(options: MemberSinkOptions) {
    this.options = options;
  }

  get isAway(): boolean {
    return this.client.isAway ?? false;
  }

  onMessage(message: Buffer): boolean {
    if (this.options.bridge.era === "legacy") return this.client.onMessage(message);
    const scanned = scanMessage(message);
    // What a server of the modern era needs, its bridge asks the client as a message.
    if (scanned.kind === "request") return this.ask({ id: Number(spanText(message, scanned.id)), message: scanned });
    return this.client.onMessage(this.withTokenOfNow(scanned));
  }

  onServerRequest({ id, message }: ServerRequestToClient): boolean {
    return this.ask({ id, message });
  }

  onServerRequestCancelled(id: number): void {
    const { call, questions } = this.options;
    const ownId = questions.withdraw(call, id);
    if (ownId === undefined) return;
    if (this.client.onServerRequestCancelled !== undefined) this.client.onServerRequestCancelled(ownId);
    else
      call.session.deliver(
        Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${ownId}}}`),
      );
  }

  onCapabilityMissing(request: RequestMessage): void {
    this.client.onCapabilityMissing?.(request);
  }

  editAnswer(answer: ResponseMessage): readonly Replacement[] {
    return this.client.editAnswer?.(answer) ?? [];
  }

  onResult(message: Buffer, answer?: ResponseMessage): void {
    if (this.finish()) this.client.onResult(this.withIdOfNow(message), answer);
  }

  onCancelled(): void {
    if (this.finish()) this.client.onCancelled();
  }

  private get client(): CallSink {
    return this.options.call.sink;
  }

  private finish(): boolean {
    const { call, calls, questions } = this.options;
    questions.forget(call);
    return calls.finish(call);
  }

  private ask({ id, message }: { readonly id: number; readonly message: RequestMessage }): boolean {
    const { call, questions, bridge, session } = this.options;
    const ownId = questions.add({ call, bridge, session, id });
    const { bytes } = message;
    const text = String(ownId);
    const isTaken =
      this.client.onServerRequest?.({ id: ownId, serverIdText: text, message }) ??
      this.client.onMessage(replaceSpans(bytes, [{ span: message.id, text }]));
    if (!isTaken) questions.remove(ownId);
    return isTaken;
  }

  /** Its rounds at a server of the modern era keep the id of the first, and the client may have come back with another. */
  private withIdOfNow(message: Buffer): Buffer {
    const { call, bridge } = this.options;
    if (bridge.era === "legacy" || call.at?.idText === call.clientIdText) return message;
    const scanned = scanMessage(message);
    return scanned.kind === "response"
      ? replaceSpans(message, [{ span: scanned.id, text: call.clientIdText }])
      : message;
  }

  private withTokenOfNow(message: Message): Buffer {
    const { clientTokenText } = this.options.call;
    if (message.kind !== "notification" || message.progressToken === undefined || clientTokenText === undefined)
      return message.bytes;
    return replaceSpans(message.bytes, [{ span: message.progressToken, text: clientTokenText }]);
  }
}
