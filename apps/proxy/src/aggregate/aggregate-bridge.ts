import type { Call } from "../bridge/calls.ts";
import type { ClientSide } from "../bridge/client-side.ts";
import type { ListKey } from "../bridge/list-elements.ts";
import type { Listener } from "../bridge/listener.ts";
import { severityOf, setLevelSchema } from "../bridge/log-levels.ts";
import {
  scanMessage,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from "../bridge/scan-message.ts";
import type { CallSink, Session } from "../bridge/session.ts";
import { rpcErrorOf } from "../fronts/rpc-error-of.ts";
import { AggregateListeners } from "./aggregate-listeners.ts";
import type { Members } from "./member.ts";
import { MemberLines } from "./member-lines.ts";
import { MemberSink } from "./member-sink.ts";
import { listResult } from "./offered-lists.ts";
import { OpenCall, type ForwardedCall } from "./open-call.ts";
import { OpenCalls } from "./open-calls.ts";
import { routeRequest } from "./route-request.ts";
import { ServerQuestions } from "./server-questions.ts";
import type { ListKind } from "./server-lists.ts";

export interface AggregateBridgeOptions {
  readonly members: Members;
  /** The client; for clients of the modern era, all of them. */
  readonly client: Session;
  /** Resolves when every server has told what it offers, or has had time enough. */
  listsKnown(): Promise<void>;
  reportBug(error: unknown): void;
}

const listOf: Readonly<Record<string, ListKey>> = {
  "tools/list": "tools",
  "prompts/list": "prompts",
  "resources/list": "resources",
  "resources/templates/list": "resourceTemplates",
};

/** One client's view of all servers as one: asks each server for what is its own, and answers lists itself. */
export class AggregateBridge implements ClientSide {
  readonly era = "legacy";
  private readonly options: AggregateBridgeOptions;
  private readonly calls = new OpenCalls();
  private readonly questions = new ServerQuestions();
  private readonly lines: MemberLines;
  private readonly listeners: AggregateListeners;

  constructor(options: AggregateBridgeOptions) {
    this.options = options;
    this.lines = new MemberLines(options.client);
    this.listeners = new AggregateListeners(options.members, this.lines);
  }

  get callsInFlight(): number {
    return this.calls.size;
  }

  request(session: Session, message: RequestMessage, sink: CallSink): Call {
    const call = this.calls.begin(session, message, sink);
    const list = listOf[message.method];
    if (list !== undefined) void this.list(call, list);
    else if (message.method === "ping") this.calls.answer(call, "{}");
    else if (message.method === "logging/setLevel") this.setLevel(call, message);
    else this.forward(call, message);
    return call;
  }

  notification(session: Session, message: NotificationMessage): void {
    switch (message.method) {
      case "notifications/cancelled":
        this.cancelled(session, message);
        return;
      case "notifications/progress":
        for (const { bridge, session: asked } of this.questions.askersOf(session)) bridge.notification(asked, message);
        return;
      default:
        for (const { connection, session: ours } of this.lines.ready()) connection.bridge.notification(ours, message);
    }
  }

  response(session: Session, message: ResponseMessage): void {
    this.questions.answer(session, message);
  }

  abandon(call: Call, reason: string): void {
    if (!(call instanceof OpenCall) || call.isOver) return;
    if (call.at !== undefined) abandonAt(call.at, reason);
    else if (this.calls.finish(call)) call.sink.onCancelled();
  }

  addListener(listener: Listener): void {
    this.listeners.add(listener);
  }

  removeListener(listener: Listener): void {
    this.listeners.remove(listener);
  }

  /** What servers offer is another by now. */
  listsChanged(kinds: readonly ListKind[]): void {
    for (const kind of kinds) {
      const bytes = Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${kind}/list_changed"}`);
      this.options.client.deliver(bytes);
      this.listeners.tell(bytes);
    }
  }

  /** The client is gone. */
  close(): void {
    for (const call of this.calls.list()) this.abandon(call, "the client's session ended");
    this.listeners.close();
    this.lines.close();
  }

  private async list(call: OpenCall, list: ListKey): Promise<void> {
    const { listsKnown, members, reportBug } = this.options;
    try {
      await listsKnown();
      this.calls.answer(call, listResult(members, list));
    } catch (error) {
      this.calls.refuse(call, rpcErrorOf(error, { reportBug }));
    }
  }

  private forward(call: OpenCall, message: RequestMessage): void {
    const route = routeRequest(this.options.members, message);
    if (route.kind === "refused") {
      this.calls.refuse(call, route.error);
      return;
    }
    const line = this.lines.to(route.member);
    if (line.isReady) this.send(call, line, route.message);
    else
      void line.ready().then(
        () => this.send(call, line, route.message),
        (error: unknown) => this.calls.refuse(call, rpcErrorOf(error, line.connection)),
      );
  }

  private send(call: OpenCall, line: ReturnType<MemberLines["to"]>, message: RequestMessage): void {
    if (call.isOver) return;
    const { bridge } = line.connection;
    const translated = line.translate(call.session, message);
    const { session } = translated;
    const { calls, questions } = this;
    const sink = new MemberSink({ call, calls, questions, bridge, session });
    const forwarded = bridge.request(session, translated.message, sink);
    if (forwarded === undefined || call.isOver) return;
    call.at = { bridge, session, call: forwarded, idText: forwarded.clientIdText };
  }

  private cancelled(session: Session, message: NotificationMessage): void {
    const call = this.calls.cancelled(session, message);
    if (call === undefined) return;
    if (call.at !== undefined) call.at.bridge.notification(call.at.session, message);
    else if (this.calls.finish(call)) call.sink.onCancelled();
  }

  /** Each server that runs is told now, and every other when its first call comes. */
  private setLevel(call: OpenCall, { bytes }: RequestMessage): void {
    const level = setLevelSchema.safeParse(JSON.parse(bytes.toString())).data?.params.level;
    if (level === undefined || severityOf(level) === -1) {
      this.calls.refuse(call, { code: "invalid_params", message: `unknown log level ${JSON.stringify(level)}` });
      return;
    }
    this.options.client.loggingLevel = level;
    for (const member of this.options.members.all()) {
      const line = this.lines.to(member);
      if (line.connection.isReady) line.setLoggingLevel(level);
    }
    this.calls.answer(call, "{}");
  }
}

function abandonAt({ bridge, session, call, idText }: ForwardedCall, reason: string): void {
  if (bridge.era === "legacy") {
    bridge.abandon(call, reason);
    return;
  }
  const params = `{"requestId":${idText},"reason":${JSON.stringify(reason)}}`;
  const message = scanMessage(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`));
  if (message.kind === "notification") bridge.notification(session, message);
}
