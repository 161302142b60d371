import { asModernRequest } from "./as-modern-request.ts";
import type { Call } from "./calls.ts";
import { metaKeys, metaValue } from "./envelope.ts";
import { InputRounds } from "./input-rounds.ts";
import { wantsNotification, withoutSubscriptionId } from "./listener.ts";
import { deliverLogMessage, severityOf, setLevelSchema } from "./log-levels.ts";
import { OwnSubscription } from "./own-subscription.ts";
import { replaceSpans } from "./replace-spans.ts";
import { errorResponse, resultResponse } from "./rpc-error.ts";
import {
  spanString,
  spanText,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from "./scan-message.ts";
import type { BridgeParts, OutgoingRequest, ServerSide } from "./server-side.ts";
import type { Session } from "./session.ts";

/**
 * A server of the modern era (revision 2026-07-28): it keeps no session and asks nobody. What clients of the legacy era
 * expect of a session is kept here; clients of the modern era get what the server says, under their own ids.
 */
export class ModernServerSide implements ServerSide {
  readonly era = "modern";
  private readonly parts: BridgeParts;
  private readonly rounds: InputRounds;
  private readonly subscription: OwnSubscription;

  constructor(parts: BridgeParts) {
    this.parts = parts;
    this.rounds = new InputRounds(parts);
    this.subscription = new OwnSubscription(parts, (message) => this.deliverToSessions(message));
  }

  request(request: OutgoingRequest): Call | undefined {
    const { session, message, sink } = request;
    if (session.era === "modern") return this.parts.send(request);
    // MCPProxy's own ping wants to hear from the server, be it that it knows no ping.
    const answer = session.isClient ? this.answerItself(session, message) : undefined;
    if (answer === undefined) return this.parts.send(asModernRequest(request));
    sink.onResult(answer);
    return undefined;
  }

  notification({ bytes, method }: NotificationMessage): void {
    if (method !== "notifications/roots/list_changed") this.parts.write(bytes);
  }

  response(session: Session, message: ResponseMessage): void {
    if (!this.rounds.take(session, message)) this.parts.counters.lateMessages += 1;
  }

  keepsAnswer(call: Call, message: ResponseMessage): boolean {
    if (call.session.era === "modern" || !call.session.isClient) return false;
    // A server that answers twice: what it asked before is void.
    this.rounds.forget(call);
    if (spanString(message.bytes, message.result?.resultType) !== "input_required") return false;
    this.rounds.begin(call, message);
    return true;
  }

  receiveNotification(message: NotificationMessage): void {
    const subscriptionId = metaValue(message.meta, metaKeys.subscriptionId);
    if (message.method === "notifications/message") deliverLogMessage(this.parts, message);
    else if (message.method === "notifications/cancelled") this.endSubscription(message);
    else if (subscriptionId === undefined) this.deliverToSessions(message);
    else {
      const call = this.parts.calls.get(Number(spanText(message.bytes, subscriptionId)));
      if (call === undefined) this.parts.counters.lateMessages += 1;
      else if (!call.session.isClient) this.subscription.receive(call, message);
      else call.sink.onMessage(replaceSpans(message.bytes, [{ span: subscriptionId, text: call.clientIdText }]));
    }
  }

  receiveRequest(message: RequestMessage): void {
    const reason = `MCPProxy refused ${message.method}: servers of revision 2026-07-28 ask with input_required`;
    this.parts.noteRefused(message.method, reason);
    const serverIdText = spanText(message.bytes, message.id);
    this.parts.write(errorResponse(serverIdText, { code: "method_not_found", message: reason }));
  }

  callAbandoned(call: Call): void {
    this.rounds.forget(call);
  }

  sessionRemoved(): void {
    this.subscription.update();
  }

  listenersChanged(): void {
    this.subscription.update();
  }

  restore(): void {
    this.subscription.update();
  }

  clear(): void {
    this.rounds.clear();
    this.subscription.clear();
  }

  /** What this revision has removed, and clients of the legacy era still ask. */
  private answerItself(session: Session, message: RequestMessage): Buffer | undefined {
    const idText = spanText(message.bytes, message.id);
    switch (message.method) {
      case "ping":
        return resultResponse(idText, "{}");
      case "logging/setLevel": {
        const level = setLevelSchema.safeParse(JSON.parse(message.bytes.toString())).data?.params.level;
        if (severityOf(level) === -1)
          return errorResponse(idText, {
            code: "invalid_params",
            message: `unknown log level ${JSON.stringify(level)}`,
          });
        session.loggingLevel = level;
        return resultResponse(idText, "{}");
      }
      case "resources/subscribe":
      case "resources/unsubscribe": {
        const uri = spanString(message.bytes, message.uri);
        if (uri === undefined) return errorResponse(idText, { code: "invalid_params", message: `"uri" is missing` });
        if (message.method === "resources/subscribe") session.subscriptions.add(uri);
        else session.subscriptions.delete(uri);
        this.subscription.update();
        return resultResponse(idText, "{}");
      }
      default:
        return undefined;
    }
  }

  private deliverToSessions(message: NotificationMessage): void {
    const uri =
      message.method === "notifications/resources/updated" ? spanString(message.bytes, message.uri) : undefined;
    const bytes = withoutSubscriptionId(message);
    for (const session of this.parts.sessions)
      if (uri === undefined || session.subscriptions.has(uri)) session.deliver(bytes);
    for (const listener of this.parts.listeners)
      if (wantsNotification(listener.filter, message)) listener.deliver(message);
  }

  /** The server ends a subscription: for its client that is the answer to its request. */
  private endSubscription({ bytes, requestId }: NotificationMessage): void {
    const call = requestId && this.parts.calls.take(Number(spanText(bytes, requestId)));
    if (call === undefined) return;
    const meta = JSON.stringify({ [metaKeys.subscriptionId]: JSON.parse(call.clientIdText) });
    call.sink.onResult(resultResponse(call.clientIdText, `{"resultType":"complete","_meta":${meta}}`));
  }
}
