import { resultResponse } from "../../bridge/rpc-error.ts";
import { spanText, type Message, type RequestMessage } from "../../bridge/scan-message.ts";
import type { Session } from "../../bridge/session.ts";
import type { Connection } from "../../runs/connection.ts";
import type { Handshake } from "../../runs/handshake.ts";
import { isSameHandshake } from "../../runs/handshake-memory.ts";
import { answerInitialize } from "../initialize.ts";
import { answerDiscover } from "../modern/discover.ts";
import { readEnvelope } from "../modern/read-envelope.ts";

export interface ColdAnswersOptions {
  readonly connection: Connection;
  readonly session: Session;
  /** What the server said of itself when it last ran with this configuration. */
  remembered(): Handshake | undefined;
  send(message: Buffer): void;
}

/** Answers for a server that does not run yet what it has answered before; the first real request starts it. */
export class ColdAnswers {
  private readonly options: ColdAnswersOptions;
  /** What this client was told from memory, until the server itself has spoken. */
  private told: Handshake | undefined;

  constructor(options: ColdAnswersOptions) {
    this.options = options;
  }

  /** Takes what can be answered from memory; false for all others. */
  take(message: Message): boolean {
    const { connection, send } = this.options;
    if (message.kind !== "request" || connection.isReady) return false;
    if (message.method === "ping" && this.told !== undefined) {
      send(resultResponse(spanText(message.bytes, message.id), "{}"));
      return true;
    }
    const remembered = this.options.remembered();
    if (remembered === undefined) return false;
    if (message.method === "initialize") void this.initialize(message, remembered);
    else if (message.method !== "server/discover" || "code" in readEnvelope(message)) return false;
    else send(answerDiscover(message, remembered));
    this.told = remembered;
    return true;
  }

  /** The server has started: where it is another one than the client was told, its lists are no longer true. */
  noteStarted(handshake: Handshake): void {
    const { told } = this;
    this.told = undefined;
    if (told === undefined || isSameHandshake(told, handshake)) return;
    for (const list of ["tools", "prompts", "resources"])
      if (declaresChanges(told.result["capabilities"], list))
        this.options.session.deliver(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${list}/list_changed"}`));
  }

  private async initialize(message: RequestMessage, remembered: Handshake): Promise<void> {
    const { session, connection, send } = this.options;
    const asIfReady: Connection = {
      bridge: connection.bridge,
      isReady: false,
      isOver: connection.isOver,
      ensureReady: () => Promise.resolve(remembered),
      reportBug: (error) => connection.reportBug(error),
      close: () => undefined,
    };
    send(await answerInitialize({ connection: asIfReady, session }, message));
  }
}

function declaresChanges(capabilities: unknown, list: string): boolean {
  if (!isObject(capabilities)) return false;
  const capability = capabilities[list];
  return isObject(capability) && capability["listChanged"] === true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
