import type { CallInFlight } from "@mcpproxy/core/run/run-record";
import { reads, refusalOf } from "./bridge-bounds.ts";
import type { EndedCall } from "./call-tally.ts";
import { Calls, type Call } from "./calls.ts";
import { hasFailed } from "./has-failed.ts";
import { LegacyServerSide } from "./legacy-server-side.ts";
import type { Listener } from "./listener.ts";
import { ModernServerSide } from "./modern-server-side.ts";
import { replaceSpans, type Replacement } from "./replace-spans.ts";
import { errorResponse, type RpcError } from "./rpc-error.ts";
import {
  scanMessage,
  spanString,
  spanText,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from "./scan-message.ts";
import type { BridgeCounters, BridgeParts, OutgoingRequest, ServerSide } from "./server-side.ts";
import { idOfSkipped, type SkippedLine } from "./skipped-line.ts";
import type { CallSink, Session } from "./session.ts";

/** The stdin of the run that serves now. */
export interface Upstream {
  /** Writes one message as one line. */
  writeLine(message: Buffer): void;
  /** Bytes that the server has not read yet. */
  readonly unreadBytes: number;
}

export interface BridgeOptions {
  readonly server: string;
  /** Monotonic milliseconds. */
  now(): number;
  onNoise(line: Buffer): void;
  /** A request of the server to clients was refused, with the reason it was given. */
  onRequestRefused(method: string, reason: string): void;
  /** A call of a client was answered or cancelled. */
  onCallEnded(call: EndedCall): void;
  /** Of calls in flight, where the config has them kept; `read` makes them fit to be stored. */
  readonly keptArguments?: { isOn(): boolean; read(bytes: Buffer): string };
}

/** More than is shown, so that a secret at the cut is still whole when it is looked for. */
const maxArgumentBytes = 8_192;

/**
 * Carries JSON-RPC between the sessions of one server and the stdio of its run. Outlives runs: `attach` gives it a new
 * upstream, `detach` fails what is in flight. What differs between the eras of servers is in its two sides.
 */
export class Bridge {
  readonly counters: BridgeCounters = { callsTotal: 0, noiseLines: 0, lateMessages: 0 };
  private readonly sessions = new Set<Session>();
  private readonly listeners = new Set<Listener>();
  private readonly calls = new Calls();
  private readonly options: BridgeOptions;
  private readonly parts: BridgeParts;
  private side: ServerSide;
  private upstream: Upstream | undefined;
  /** When a client last asked something or was answered. */
  private lastCallMs = 0;

  constructor(options: BridgeOptions) {
    this.options = options;
    this.parts = this.createParts();
    this.side = new LegacyServerSide(this.parts);
  }

  /** Of the server that runs, or ran last. */
  get era(): "legacy" | "modern" {
    return this.side.era;
  }

  get sessionCount(): number {
    return this.sessions.size;
  }

  /** Of clients; MCPProxy's own initialize is none. */
  get callsInFlight(): number {
    return this.calls.ofClients;
  }

  /** A client waits for updates of resources. */
  get hasSubscriptions(): boolean {
    const isSubscribed = [...this.sessions].some(({ subscriptions }) => subscriptions.size > 0);
    return isSubscribed || [...this.listeners].some(({ filter }) => (filter.resourceSubscriptions ?? []).length > 0);
  }

  /** How long no call of a client has been in flight; 0 while there is one. */
  get quietForMs(): number {
    return this.callsInFlight > 0 ? 0 : this.options.now() - this.lastCallMs;
  }

  describeCallsInFlight(): readonly CallInFlight[] {
    return this.calls.describe(this.options.now(), (bytes) => this.options.keptArguments?.read(bytes) ?? "");
  }

  addSession(session: Session): void {
    this.sessions.add(session);
  }

  /** The client is gone: its calls are cancelled at the server, what the server asked of it is answered with an error. */
  removeSession(session: Session): void {
    if (!this.sessions.delete(session)) return;
    for (const call of this.calls.ofSession(session)) this.abandon(call, "the client's session ended");
    this.side.sessionRemoved(session);
  }

  addListener(listener: Listener): void {
    this.listeners.add(listener);
    this.side.listenersChanged();
  }

  removeListener(listener: Listener): void {
    if (this.listeners.delete(listener)) this.side.listenersChanged();
  }

  attach(upstream: Upstream): void {
    this.upstream = upstream;
    this.lastCallMs = this.options.now();
    this.useEra("legacy");
  }

  /** The handshake has found out what the server speaks. */
  useEra(era: ServerSide["era"]): void {
    if (era !== this.side.era)
      this.side = era === "modern" ? new ModernServerSide(this.parts) : new LegacyServerSide(this.parts);
  }

  /** A new run knows nothing of what sessions asked of the last one: their subscriptions and the level of logging. */
  restoreSessions(): void {
    // Only now can clients ask: the time of its start was not quiet.
    this.lastCallMs = this.options.now();
    this.side.restore();
  }

  /** The run ended: every call in flight gets this error. */
  detach(error: RpcError): void {
    this.upstream = undefined;
    this.side.clear();
    for (const call of this.calls.takeAll()) call.sink.onResult(errorResponse(call.clientIdText, error));
  }

  /** Forwards a client's request under an id of our own; undefined when it has its answer already. */
  request(session: Session, message: RequestMessage, sink: CallSink): Call | undefined {
    const { upstream, calls } = this;
    const refusal = refusalOf({ server: this.options.server, upstream, callsInFlight: calls.size });
    if (refusal === undefined) return this.side.request({ session, message, sink });
    sink.onResult(errorResponse(spanText(message.bytes, message.id), refusal));
    return undefined;
  }

  /** A client's notification. `notifications/initialized` never comes here: the run had its own handshake. */
  notification(session: Session, message: NotificationMessage): void {
    if (message.method === "notifications/cancelled") this.cancelByClient(session, message);
    else if (this.parts.hasRoom) this.side.notification(message);
  }

  /** A client's answer to a request of the server. */
  response(session: Session, message: ResponseMessage): void {
    this.side.response(session, message);
  }

  /** Nobody waits for this call any more: it is cancelled at the server. */
  abandon(call: Call, reason: string): void {
    if (this.calls.take(call.id) === undefined) return;
    if (call.session.isClient) this.lastCallMs = this.options.now();
    this.noteEnd(call, "cancelled");
    const params = JSON.stringify({ requestId: call.id, reason });
    this.parts.write(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`));
    this.side.callAbandoned(call, reason);
    call.sink.onCancelled();
  }

  /** One line of the server's stdout. */
  receive(line: Buffer): void {
    const message = scanMessage(line);
    switch (message.kind) {
      case "response":
        this.receiveResponse(message);
        return;
      case "notification":
        if (message.method === "notifications/progress") this.receiveProgress(message);
        else this.side.receiveNotification(message);
        return;
      case "request":
        this.side.receiveRequest(message);
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
    if (call === undefined) return;
    if (call.session.isClient) this.lastCallMs = this.options.now();
    this.noteEnd(call, "failed");
    this.side.callAbandoned(call, "the answer to the call that it belonged to was too long");
    call.sink.onResult(
      errorResponse(call.clientIdText, {
        code: "limit_exceeded",
        message: `the answer of ${this.options.server} has ${line.sizeBytes} bytes, more than MCPProxy passes on in one message`,
      }),
    );
  }

  private createParts(): BridgeParts {
    const { sessions, listeners, calls, counters } = this;
    const hasRoom = (): boolean => reads(this.upstream);
    return {
      server: this.options.server,
      sessions,
      listeners,
      calls,
      counters,
      get hasRoom() {
        return hasRoom();
      },
      write: (message) => this.upstream?.writeLine(message),
      send: (request) => this.send(request),
      noteRefused: (method, reason) => this.options.onRequestRefused(method, reason),
    };
  }

  private send(request: OutgoingRequest): Call {
    const { session, message, sink, edits = [], isKept = false, continues } = request;
    const { bytes, id, progressToken } = message;
    const call = this.calls.add({
      session,
      sink,
      clientIdText: spanText(bytes, id),
      clientTokenText: progressToken === undefined ? undefined : spanText(bytes, progressToken),
      method: message.method,
      name: spanString(bytes, message.name),
      argumentBytes: this.argumentsOf(message),
      startedAtMs: continues?.startedAtMs ?? this.options.now(),
      round: continues === undefined ? 0 : continues.round + 1,
      request: isKept ? message : undefined,
    });
    if (session.isClient && continues === undefined) this.counters.callsTotal += 1;
    const text = String(call.id);
    const replacements: Replacement[] = [{ span: id, text }, ...edits];
    if (progressToken !== undefined) replacements.push({ span: progressToken, text });
    this.parts.write(replaceSpans(bytes, replacements));
    return call;
  }

  /** A copy: the whole message need not stay in memory for them. */
  private argumentsOf({ bytes, arguments: span }: RequestMessage): Buffer | undefined {
    if (span === undefined || this.options.keptArguments?.isOn() !== true) return undefined;
    return Buffer.from(bytes.subarray(span.start, Math.min(span.end, span.start + maxArgumentBytes)));
  }

  private receiveResponse(message: ResponseMessage): void {
    const call = this.calls.take(Number(spanText(message.bytes, message.id)));
    if (call === undefined) {
      this.counters.lateMessages += 1;
      return;
    }
    if (call.session.isClient) this.lastCallMs = this.options.now();
    if (this.side.keepsAnswer(call, message)) return;
    this.noteEnd(call, hasFailed(message) ? "failed" : "answered");
    const { sink, clientIdText } = call;
    const edits = sink.editAnswer?.(message) ?? [];
    sink.onResult(replaceSpans(message.bytes, [{ span: message.id, text: clientIdText }, ...edits]), message);
  }

  private noteEnd({ session, method, name, startedAtMs }: Call, outcome: EndedCall["outcome"]): void {
    if (!session.isClient) return;
    this.options.onCallEnded({ method, name, outcome, durationMs: this.options.now() - startedAtMs });
  }

  private receiveProgress(message: NotificationMessage): void {
    const span = message.progressToken;
    const call = span === undefined ? undefined : this.calls.get(Number(spanText(message.bytes, span)));
    if (span === undefined || call?.clientTokenText === undefined) this.counters.lateMessages += 1;
    else call.sink.onMessage(replaceSpans(message.bytes, [{ span, text: call.clientTokenText }]));
  }

  private cancelByClient(session: Session, message: NotificationMessage): void {
    if (message.requestId === undefined) return;
    const idText = spanText(message.bytes, message.requestId);
    const [call, ...others] = this.calls.ofSession(session).filter((candidate) => candidate.clientIdText === idText);
    // With the same id in flight twice nobody can say which one is meant: cancelling the wrong call is worse than none.
    if (call === undefined || others.length > 0) return;
    this.calls.take(call.id);
    this.lastCallMs = this.options.now();
    this.noteEnd(call, "cancelled");
    this.side.callAbandoned(call, "the client cancelled the call");
    this.parts.write(replaceSpans(message.bytes, [{ span: message.requestId, text: String(call.id) }]));
    call.sink.onCancelled();
  }
}
