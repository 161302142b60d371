import type { ClientSide } from "../bridge/client-side.ts";
import { replaceSpans } from "../bridge/replace-spans.ts";
import { scanMessage, spanText, type ResponseMessage } from "../bridge/scan-message.ts";
import type { Session } from "../bridge/session.ts";
import type { OpenCall } from "./open-call.ts";

/** A request of a server to a client, on its way through the aggregate. */
export interface ServerQuestion {
  readonly call: OpenCall;
  readonly bridge: ClientSide;
  /** The client, as that server's bridge knows it. */
  readonly session: Session;
  /** The id that the server's bridge has given it. */
  readonly id: number;
}

/** Bridges number their servers' requests each for themselves; a client of several gets numbers that are unique. */
export class ServerQuestions {
  private readonly byId = new Map<number, ServerQuestion>();
  private nextId = 1;

  add(question: ServerQuestion): number {
    const id = this.nextId;
    this.nextId += 1;
    this.byId.set(id, question);
    return id;
  }

  /** The server takes its question back; gives the number that the client knows. */
  withdraw(call: OpenCall, id: number): number | undefined {
    for (const [ownId, question] of this.byId)
      if (question.call === call && question.id === id) {
        this.byId.delete(ownId);
        return ownId;
      }
    return undefined;
  }

  remove(id: number): void {
    this.byId.delete(id);
  }

  forget(call: OpenCall): void {
    for (const [id, question] of this.byId) if (question.call === call) this.byId.delete(id);
  }

  /** Those who wait for this client. */
  askersOf(client: Session): readonly ServerQuestion[] {
    return [...this.byId.values()].filter(({ call }) => call.session === client);
  }

  /** Hands a client's answer to the server that asked; what nobody asked is dropped. */
  answer(client: Session, message: ResponseMessage): void {
    const id = Number(spanText(message.bytes, message.id));
    const question = this.byId.get(id);
    if (question?.call.session !== client) return;
    this.byId.delete(id);
    const answer = scanMessage(replaceSpans(message.bytes, [{ span: message.id, text: String(question.id) }]));
    if (answer.kind === "response") question.bridge.response(question.session, answer);
  }
}
