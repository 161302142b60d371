import type { Call } from "./calls.ts";
import { withoutEnvelope } from "./envelope.ts";
import { wantsNotification } from "./listener.ts";
import { deliverLogMessage, isBelow, setLevelSchema, severityOf } from "./log-levels.ts";
import { replaceSpans } from "./replace-spans.ts";
import { errorResponse, resultResponse, type RpcError } from "./rpc-error.ts";
import {
  spanString,
  spanText,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from "./scan-message.ts";
import { ServerRequests, type ServerRequest } from "./server-requests.ts";
import type { BridgeParts, OutgoingRequest, ServerSide } from "./server-side.ts";
import type { Session } from "./session.ts";

/** A server of the legacy era (revisions up to 2025-11-25): it asks its clients, and remembers what they subscribed to. */
export class LegacyServerSide implements ServerSide {
  readonly era = "legacy";
  private readonly parts: BridgeParts;
  private readonly serverRequests = new ServerRequests();
  /** What the run was last told to log. */
  private runLevel: string | undefined;
  /** URIs of listeners, as the server last heard of them. */
  private listenedUris: ReadonlySet<string> = new Set();

  constructor(parts: BridgeParts) {
    this.parts = parts;
  }

  request(request: OutgoingRequest): Call | undefined {
    const { session, message, sink } = request;
    if (session.era === "modern") {
      this.logFor(session);
      return this.parts.send({ ...request, edits: withoutEnvelope(message) });
    }
    const isKept =
      message.method === "logging/setLevel"
        ? this.keepsLoggingLevel(session, message)
        : this.keepsSubscription(session, message);
    if (!isKept) return this.parts.send(request);
    sink.onResult(resultResponse(spanText(message.bytes, message.id), "{}"));
    return undefined;
  }

  notification({ bytes }: NotificationMessage): void {
    this.parts.write(bytes);
  }

  response(session: Session, message: ResponseMessage): void {
    const request = this.serverRequests.take(Number(spanText(message.bytes, message.id)), session);
    if (request === undefined) this.parts.counters.lateMessages += 1;
    else if (this.parts.hasRoom)
      this.parts.write(replaceSpans(message.bytes, [{ span: message.id, text: request.serverIdText }]));
  }

  keepsAnswer(call: Call): boolean {
    // What it asked a client of the modern era ends with the call: nobody is left to answer.
    this.callAbandoned(call, "the call that it belonged to is answered");
    return false;
  }

  receiveNotification(message: NotificationMessage): void {
    switch (message.method) {
      case "notifications/cancelled":
        this.cancelByServer(message);
        return;
      case "notifications/message":
        deliverLogMessage(this.parts, message);
        return;
      case "notifications/resources/updated": {
        const uri = spanString(message.bytes, message.uri);
        for (const session of this.parts.sessions)
          if (uri !== undefined && session.subscriptions.has(uri)) session.deliver(message.bytes);
        break;
      }
      default:
        for (const session of this.parts.sessions) session.deliver(message.bytes);
    }
    for (const listener of this.parts.listeners)
      if (wantsNotification(listener.filter, message)) listener.deliver(message);
  }

  receiveRequest(message: RequestMessage): void {
    const serverIdText = spanText(message.bytes, message.id);
    if (message.method === "ping") {
      this.parts.write(resultResponse(serverIdText, "{}"));
      return;
    }
    const target = this.parts.calls.onlyBusySession((session) => canAnswer(session, message.method));
    if ("call" in target) {
      this.askClient(target.call, message);
      return;
    }
    if (target.sessions === 0) this.noteMissingCapability(message);
    const reason = refusalReason(message.method, target.sessions);
    this.parts.noteRefused(message.method, reason);
    this.answerServer(serverIdText, {
      code: target.sessions === 0 ? "method_not_found" : "invalid_request",
      message: reason,
    });
  }

  callAbandoned({ session }: Call, reason: string): void {
    // A session of the legacy era may have other calls, and answers in its own time.
    if (session.era === "modern") this.rejectRequests(this.serverRequests.takeOfSession(session), reason);
  }

  sessionRemoved(session: Session): void {
    this.rejectRequests(this.serverRequests.takeOfSession(session), "the client's session ended");
    for (const uri of session.subscriptions) {
      session.subscriptions.delete(uri);
      this.unsubscribeIfLast(uri);
    }
  }

  listenersChanged(): void {
    // Subscriptions are counted: only the first and the last of a URI concern the server.
    const wanted = this.wantedUris();
    for (const uri of wanted)
      if (!this.listenedUris.has(uri) && !this.hasSession(uri)) this.ask("resources/subscribe", { uri });
    const gone = [...this.listenedUris].filter((uri) => !wanted.has(uri));
    this.listenedUris = wanted;
    for (const uri of gone) this.unsubscribeIfLast(uri);
  }

  restore(): void {
    this.runLevel = undefined;
    this.listenedUris = this.wantedUris();
    const ofSessions = [...this.parts.sessions].flatMap((session) => [...session.subscriptions]);
    for (const uri of new Set([...ofSessions, ...this.listenedUris])) this.ask("resources/subscribe", { uri });
    const levels = [...this.parts.sessions].flatMap(({ loggingLevel }) => loggingLevel ?? []);
    const [level] = levels.toSorted((one, other) => severityOf(one) - severityOf(other));
    if (level !== undefined) this.setRunLevel(level);
  }

  clear(): void {
    this.serverRequests.clear();
  }

  private askClient(call: Call, message: RequestMessage): void {
    const { session, sink } = call;
    const serverIdText = spanText(message.bytes, message.id);
    const id = this.serverRequests.add({ session, sink: () => call.sink, serverIdText });
    const isTaken =
      sink.onServerRequest?.({ id, serverIdText, message }) ??
      sink.onMessage(replaceSpans(message.bytes, [{ span: message.id, text: String(id) }]));
    // Without an answer the server would wait for ever, and with it the call that it is working on.
    if (!isTaken && this.serverRequests.take(id, session) !== undefined)
      this.answerServer(serverIdText, { code: "internal_error", message: "the client cannot be reached" });
  }

  private noteMissingCapability(message: RequestMessage): void {
    const only = this.parts.calls.onlyBusySession(() => true);
    if ("call" in only) only.call.sink.onCapabilityMissing?.(message);
  }

  private rejectRequests(requests: readonly ServerRequest[], reason: string): void {
    for (const { serverIdText } of requests)
      this.answerServer(serverIdText, { code: "internal_error", message: reason });
  }

  private answerServer(serverIdText: string, error: RpcError): void {
    this.parts.write(errorResponse(serverIdText, error));
  }

  private cancelByServer(message: NotificationMessage): void {
    if (message.requestId === undefined) return;
    const taken = this.serverRequests.takeByServerId(spanText(message.bytes, message.requestId));
    if (taken === undefined) return;
    const { request, id } = taken;
    const sink = request.sink();
    if (sink.onServerRequestCancelled !== undefined) sink.onServerRequestCancelled(id);
    else request.session.deliver(replaceSpans(message.bytes, [{ span: message.requestId, text: String(id) }]));
  }

  /** Counts subscriptions, so that one session's unsubscribe does not silence another; true when the server need not know. */
  private keepsSubscription(session: Session, message: RequestMessage): boolean {
    const uri = spanString(message.bytes, message.uri);
    if (uri === undefined) return false;
    if (message.method === "resources/subscribe") session.subscriptions.add(uri);
    if (message.method !== "resources/unsubscribe") return false;
    session.subscriptions.delete(uri);
    return this.hasSubscriber(uri);
  }

  /** The run logs what the most curious session asked for, and each gets what it asked for; true when the server need not know. */
  private keepsLoggingLevel(session: Session, { bytes }: RequestMessage): boolean {
    const level = setLevelSchema.safeParse(JSON.parse(bytes.toString())).data?.params.level;
    if (level === undefined || severityOf(level) === -1) return false;
    session.loggingLevel = level;
    const isEnough = [...this.parts.sessions].some((other) => isBelow(other.loggingLevel, level));
    if (!isEnough) this.runLevel = level;
    return isEnough;
  }

  /** A request of the modern era brings its own level. */
  private logFor({ loggingLevel }: Session): void {
    if (loggingLevel === undefined) return;
    if (this.runLevel === undefined || isBelow(loggingLevel, this.runLevel)) this.setRunLevel(loggingLevel);
  }

  private setRunLevel(level: string): void {
    this.runLevel = level;
    this.ask("logging/setLevel", { level });
  }

  private unsubscribeIfLast(uri: string): void {
    if (!this.hasSubscriber(uri)) this.ask("resources/unsubscribe", { uri });
  }

  /** A request of our own, whose answer nobody needs: its id is a string, so that the answer meets no call and is dropped. */
  private ask(method: string, params: object): void {
    this.parts.write(Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: "mcpproxy", method, params })));
  }

  private hasSubscriber(uri: string): boolean {
    return this.hasSession(uri) || this.listenedUris.has(uri);
  }

  private hasSession(uri: string): boolean {
    return [...this.parts.sessions].some((session) => session.subscriptions.has(uri));
  }

  private wantedUris(): ReadonlySet<string> {
    return new Set([...this.parts.listeners].flatMap(({ filter }) => filter.resourceSubscriptions ?? []));
  }
}

function canAnswer(session: Session, method: string): boolean {
  if (method.startsWith("sampling/")) return session.capabilities.sampling;
  if (method.startsWith("elicitation/")) return session.capabilities.elicitation;
  if (method.startsWith("roots/")) return session.capabilities.roots;
  return true;
}

function refusalReason(method: string, sessions: number): string {
  if (sessions === 0) return `MCPProxy refused ${method}: no client with a call in flight supports it`;
  return `MCPProxy refused ${method}: ${sessions} clients of this shared server have calls in flight, and it is unclear whose it is`;
}
