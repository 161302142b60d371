import type { Call } from "../bridge/calls.ts";
import type { ClientSide } from "../bridge/client-side.ts";
import { spanString, spanText, type RequestMessage } from "../bridge/scan-message.ts";
import type { CallSink, Session } from "../bridge/session.ts";

/** A call at a server's bridge. */
export interface ForwardedCall {
  readonly bridge: ClientSide;
  readonly session: Session;
  /** At a server of the modern era only the first of its rounds, each of which is a call of its own there. */
  readonly call: Call;
  /** Raw JSON of the id that it was sent with, which stays in all its rounds. */
  readonly idText: string;
}

/** A client's request that MCPProxy has to answer, itself or with the help of a server. */
export class OpenCall implements Call {
  readonly id: number;
  readonly session: Session;
  readonly method: string;
  readonly name: string | undefined;
  readonly startedAtMs = performance.now();
  readonly round = 0;
  readonly request = undefined;
  readonly argumentBytes = undefined;
  sink: CallSink;
  isOver = false;
  /** Where it is worked on. */
  at: ForwardedCall | undefined;
  private idText: string;
  private tokenText: string | undefined;

  constructor(
    id: number,
    input: { readonly session: Session; readonly message: RequestMessage; readonly sink: CallSink },
  ) {
    const { session, message, sink } = input;
    const { bytes, progressToken } = message;
    this.id = id;
    this.session = session;
    this.sink = sink;
    this.method = message.method;
    this.name = spanString(bytes, message.name);
    this.idText = spanText(bytes, message.id);
    this.tokenText = progressToken && spanText(bytes, progressToken);
  }

  get clientIdText(): string {
    return this.idText;
  }

  set clientIdText(text: string) {
    this.idText = text;
    if (this.at?.bridge.era === "legacy") this.at.call.clientIdText = text;
  }

  get clientTokenText(): string | undefined {
    return this.tokenText;
  }

  set clientTokenText(text: string | undefined) {
    this.tokenText = text;
    if (this.at?.bridge.era === "legacy") this.at.call.clientTokenText = text;
  }
}
