import type { CallInFlight } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import { Calls, type Call } from "./calls.ts";
import { replaceSpans, type Replacement } from "./replace-spans.ts";
import { errorResponse, resultResponse, type RpcError } from "./rpc-error.ts";
import {
  scanMessage,
  spanString,
  spanText,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from "./scan-message.ts";
import { ServerRequests } from "./server-requests.ts";
import { idOfSkipped, type SkippedLine } from "./skipped-line.ts";
import type { CallSink, Session } from "./session.ts";

/** The stdin of the run that serves now. */
export interface Upstream {
  /** Writes one message as one line. */
  writeLine(message: Buffer): void;
  /** Bytes that the server has not read yet. */
  readonly unreadBytes: number;
}

export interface BridgeCounters {
  callsTotal: number;
  /** Lines on stdout that are no JSON-RPC. */
  noiseLines: number;
  /** Answers and progress for calls that are no longer there. */
  lateMessages: number;
}

export interface BridgeOptions {
  readonly server: string;
  /** Monotonic milliseconds. */
  now(): number;
  onNoise(line: Buffer): void;
  /** A request of the server to clients was refused, with the reason it was given. */
  onRequestRefused(method: string, reason: string): void;
  /** The server answered a call of a client. */
  onCallAnswered(durationMs: number): void;
}

const maxCallsInFlight = 10_000;
const maxUnreadBytes = 64 * 1024 * 1024;

/**
 * Carries JSON-RPC between the sessions of one server and the stdio of its run. Outlives runs: `attach` gives it a new
 * upstream, `detach` fails what is in flight. Legacy era (revisions up to 2025-11-25).
 */
export class Bridge {
  readonly counters: BridgeCounters = { callsTotal: 0, noiseLines: 0, lateMessages: 0 };
  private readonly sessions = new Set<Session>();
  private readonly calls = new Calls();
  private readonly serverRequests = new ServerRequests();
  private readonly options: BridgeOptions;
  private upstream: Upstream | undefined;
  /** When a client last asked something or was answered. */
  private lastCallMs = 0;

  constructor(options: BridgeOptions) {
    this.options = options;
  }

  get sessionCount(): number {
    return this.sessions.size;
  }

  /** Of clients; MCPProxy's own initialize is none. */
  get callsInFlight(): number {
    return this.describeCallsInFlight().length;
  }

  /** How long no call of a client has been in flight; 0 while there is one. */
  get quietForMs(): number {
    return this.callsInFlight > 0 ? 0 : this.options.now() - this.lastCallMs;
  }

  describeCallsInFlight(): readonly CallInFlight[] {
    return this.calls.describe(this.options.now(), (session) => this.sessions.has(session));
  }

  addSession(session: Session): void {
    this.sessions.add(session);
  }

  /** The client is gone: its calls are cancelled at the server, what the server asked of it is answered with an error. */
  removeSession(session: Session): void {
    if (!this.sessions.delete(session)) return;
    for (const call of this.calls.ofSession(session)) this.cancel(call, "the client's session ended");
    for (const request of this.serverRequests.takeOfSession(session)) {
      this.answerServer(request.serverIdText, { code: "internal_error", message: "the client's session ended" });
    }
    for (const uri of session.subscriptions) this.unsubscribeIfLast(session, uri);
  }

  attach(upstream: Upstream): void {
    this.upstream = upstream;
    this.lastCallMs = this.options.now();
  }

  /** A new run knows nothing of what sessions asked of the last one: their subscriptions and the level of logging. */
  restoreSessions(): void {
    const uris = new Set([...this.sessions].flatMap((session) => [...session.subscriptions]));
    for (const uri of uris) this.ask("resources/subscribe", { uri });
    const last = [...this.sessions].findLast((session) => session.loggingLevel !== undefined);
    if (last !== undefined) this.ask("logging/setLevel", { level: last.loggingLevel });
  }

  /** The run ended: every call in flight gets this error. */
  detach(error: RpcError): void {
    this.upstream = undefined;
    this.serverRequests.clear();
    for (const call of this.calls.takeAll()) call.sink.onResult(errorResponse(call.clientIdText, error));
  }

  /** Forwards a client's request under an id of our own. */
  request(session: Session, message: RequestMessage, sink: CallSink): void {
    const clientIdText = spanText(message.bytes, message.id);
    const upstream = this.upstream;
    const refusal = upstream === undefined ? notRunning : this.overBound();
    if (upstream === undefined || refusal !== undefined) {
      sink.onResult(errorResponse(clientIdText, refusal ?? notRunning));
      return;
    }
    if (message.method === "logging/setLevel") this.keepLoggingLevel(session, message);
    if (this.keepsSubscription(session, message)) {
      sink.onResult(resultResponse(clientIdText, "{}"));
      return;
    }
    upstream.writeLine(this.register({ session, message, sink, clientIdText }));
  }

  /** A client's notification. `notifications/initialized` never comes here: the run had its own handshake. */
  notification(session: Session, message: NotificationMessage): void {
    if (message.method === "notifications/cancelled") this.cancelByClient(session, message);
    else if (this.hasRoom()) this.upstream?.writeLine(message.bytes);
  }

  /** A client's answer to a request of the server. */
  response(session: Session, message: ResponseMessage): void {
    const request = this.serverRequests.take(Number(spanText(message.bytes, message.id)), session);
    if (request === undefined) this.counters.lateMessages += 1;
    else if (this.hasRoom())
      this.upstream?.writeLine(replaceSpans(message.bytes, [{ span: message.id, text: request.serverIdText }]));
  }

  /** One line of the server's stdout. */
  receive(line: Buffer): void {
    const message = scanMessage(line);
    switch (message.kind) {
      case "response":
        this.receiveResponse(message);
        return;
      case "notification":
        this.receiveNotification(message);
        return;
      case "request":
        this.receiveRequest(message);
        return;
      case "invalid":
        this.counters.noiseLines += 1;
        this.options.onNoise(line);
        return;
      default:
        message satisfies never;
    }
  }

  /** A line over the bound was skipped: when it was an answer, the call that waits for it is failed. */
  receiveTooLong(line: SkippedLine): void {
    const id = idOfSkipped(line);
    const call = id === undefined ? undefined : this.calls.take(id);
    call?.sink.onResult(
      errorResponse(call.clientIdText, {
        code: "limit_exceeded",
        message: `the answer of ${this.options.server} has ${line.sizeBytes} bytes, more than MCPProxy passes on in one message`,
      }),
    );
  }

  private register(input: { session: Session; message: RequestMessage; sink: CallSink; clientIdText: string }): Buffer {
    const { session, message, sink, clientIdText } = input;
    const { bytes, progressToken } = message;
    const call = this.calls.add({
      session,
      sink,
      clientIdText,
      clientTokenText: progressToken === undefined ? undefined : spanText(bytes, progressToken),
      method: message.method,
      name: spanString(bytes, message.name),
      startedAtMs: this.options.now(),
    });
    if (this.sessions.has(session)) this.counters.callsTotal += 1;
    const text = String(call.id);
    const replacements: Replacement[] = [{ span: message.id, text }];
    if (progressToken !== undefined) replacements.push({ span: progressToken, text });
    return replaceSpans(bytes, replacements);
  }

  private overBound(): RpcError | undefined {
    if (this.calls.size >= maxCallsInFlight) {
      return {
        code: "limit_exceeded",
        message: `${maxCallsInFlight} calls to ${this.options.server} wait for an answer; try again later`,
      };
    }
    if (this.hasRoom()) return undefined;
    return {
      code: "limit_exceeded",
      message: `${this.options.server} does not read its input (64 MiB wait); restart it or try again later`,
    };
  }

  /** A server that does not read gets nothing more: what waits for it is bounded. */
  private hasRoom(): boolean {
    return this.upstream !== undefined && this.upstream.unreadBytes <= maxUnreadBytes;
  }

  private receiveResponse(message: ResponseMessage): void {
    const call = this.calls.take(Number(spanText(message.bytes, message.id)));
    this.lastCallMs = this.options.now();
    if (call === undefined) {
      this.counters.lateMessages += 1;
      return;
    }
    this.options.onCallAnswered(this.lastCallMs - call.startedAtMs);
    call.sink.onResult(replaceSpans(message.bytes, [{ span: message.id, text: call.clientIdText }]));
  }

  private receiveNotification(message: NotificationMessage): void {
    switch (message.method) {
      case "notifications/progress":
        this.receiveProgress(message);
        return;
      case "notifications/cancelled":
        this.cancelByServer(message);
        return;
      case "notifications/resources/updated": {
        const uri = spanString(message.bytes, message.uri);
        for (const session of this.sessions)
          if (uri !== undefined && session.subscriptions.has(uri)) session.deliver(message.bytes);
        return;
      }
      default:
        for (const session of this.audience(message)) session.deliver(message.bytes);
    }
  }

  /**
   * Logging during the calls of one session belongs to it, and while several are busy to nobody: it may hold what one
   * of them asked. All else that is no answer concerns everyone.
   */
  private audience(message: NotificationMessage): Iterable<Session> {
    if (message.method !== "notifications/message") return this.sessions;
    const busy = this.calls.onlyBusySession(() => true);
    if ("call" in busy) return [busy.call.session];
    return busy.sessions === 0 ? this.sessions : [];
  }

  private receiveProgress(message: NotificationMessage): void {
    const span = message.progressToken;
    const call = span === undefined ? undefined : this.calls.get(Number(spanText(message.bytes, span)));
    if (span === undefined || call?.clientTokenText === undefined) this.counters.lateMessages += 1;
    else call.sink.onMessage(replaceSpans(message.bytes, [{ span, text: call.clientTokenText }]));
  }

  private receiveRequest(message: RequestMessage): void {
    const serverIdText = spanText(message.bytes, message.id);
    if (message.method === "ping") {
      this.upstream?.writeLine(resultResponse(serverIdText, "{}"));
      return;
    }
    const target = this.calls.onlyBusySession((session) => canAnswer(session, message.method));
    if ("call" in target) {
      const { session, sink } = target.call;
      const id = this.serverRequests.add({ session, serverIdText });
      if (sink.onMessage(replaceSpans(message.bytes, [{ span: message.id, text: String(id) }]))) return;
      // Without an answer the server would wait for ever, and with it the call that it is working on.
      this.serverRequests.take(id, session);
      this.answerServer(serverIdText, { code: "internal_error", message: "the client cannot be reached" });
      return;
    }
    const reason = refusalReason(message.method, target.sessions);
    this.options.onRequestRefused(message.method, reason);
    this.answerServer(serverIdText, {
      code: target.sessions === 0 ? "method_not_found" : "invalid_request",
      message: reason,
    });
  }

  private answerServer(serverIdText: string, error: RpcError): void {
    this.upstream?.writeLine(errorResponse(serverIdText, error));
  }

  private cancelByClient(session: Session, message: NotificationMessage): void {
    if (message.requestId === undefined) return;
    const idText = spanText(message.bytes, message.requestId);
    const [call, ...others] = this.calls.ofSession(session).filter((candidate) => candidate.clientIdText === idText);
    // With the same id in flight twice nobody can say which one is meant: cancelling the wrong call is worse than none.
    if (call === undefined || others.length > 0) return;
    this.calls.take(call.id);
    this.lastCallMs = this.options.now();
    this.upstream?.writeLine(replaceSpans(message.bytes, [{ span: message.requestId, text: String(call.id) }]));
    call.sink.onCancelled();
  }

  private cancel(call: Call, reason: string): void {
    this.calls.take(call.id);
    this.lastCallMs = this.options.now();
    const params = JSON.stringify({ requestId: call.id, reason });
    this.upstream?.writeLine(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`));
    call.sink.onCancelled();
  }

  private cancelByServer(message: NotificationMessage): void {
    if (message.requestId === undefined) return;
    const taken = this.serverRequests.takeByServerId(spanText(message.bytes, message.requestId));
    taken?.request.session.deliver(replaceSpans(message.bytes, [{ span: message.requestId, text: String(taken.id) }]));
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

  /** The run's level is the last one that anybody set; kept for the next run. */
  private keepLoggingLevel(session: Session, { bytes }: RequestMessage): void {
    const level = loggingLevelSchema.safeParse(JSON.parse(bytes.toString())).data?.params.level;
    if (level === undefined) return;
    for (const other of this.sessions) other.loggingLevel = undefined;
    session.loggingLevel = level;
  }

  private unsubscribeIfLast(session: Session, uri: string): void {
    session.subscriptions.delete(uri);
    if (this.hasSubscriber(uri) || this.upstream === undefined) return;
    this.ask("resources/unsubscribe", { uri });
  }

  /** A request of our own, whose answer nobody needs: its id is a string, so that the answer meets no call and is dropped. */
  private ask(method: string, params: object): void {
    this.upstream?.writeLine(Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: "mcpproxy", method, params })));
  }

  private hasSubscriber(uri: string): boolean {
    return [...this.sessions].some((session) => session.subscriptions.has(uri));
  }
}

const loggingLevelSchema = z.object({ params: z.object({ level: z.string() }) });
const notRunning: RpcError = { code: "server_unavailable", message: "the server is not running" };

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
