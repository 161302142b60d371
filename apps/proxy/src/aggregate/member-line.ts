import { metaKeys, metaValue, withoutEnvelope } from "../bridge/envelope.ts";
import { replaceSpans } from "../bridge/replace-spans.ts";
import { scanMessage, spanText, type RequestMessage } from "../bridge/scan-message.ts";
import { createSession, type CallSink, type Session } from "../bridge/session.ts";
import type { Connection } from "../runs/connection.ts";
import type { Member } from "./member.ts";

export interface MemberLineOptions {
  readonly member: Member;
  /** The client's session with the aggregate. */
  readonly client: Session;
  /** A notification of the server that the client is to get. */
  deliver(message: Buffer): void;
  onOver(line: MemberLine): void;
}

const listChanged: ReadonlySet<string> = new Set([
  "notifications/tools/list_changed",
  "notifications/prompts/list_changed",
  "notifications/resources/list_changed",
]);
const nobody: CallSink = { onMessage: () => false, onResult: () => undefined, onCancelled: () => undefined };

/** One client's line to one of the servers behind the aggregate. */
export class MemberLine {
  readonly member: Member;
  readonly connection: Connection;
  /** The client, as the server's bridge knows it. */
  readonly session: Session;
  private readonly client: Session;
  private isPrepared = false;

  constructor(options: MemberLineOptions) {
    const { member, client } = options;
    this.member = member;
    this.client = client;
    this.session = createSession(client.id, (message) => this.take(message, options));
    this.connection = member.endpoint.connect(this.session, () => options.onOver(this));
  }

  get isReady(): boolean {
    return this.isPrepared && this.connection.isReady;
  }

  /** Starts the server if need be. Rejects with ServerUnavailableError. */
  async ready(): Promise<void> {
    await this.connection.ensureReady("call");
    if (this.isPrepared) return;
    this.isPrepared = true;
    this.member.connectionReady(this.connection);
    const { loggingLevel } = this.client;
    if (loggingLevel !== undefined && loggingLevel !== this.session.loggingLevel) this.setLoggingLevel(loggingLevel);
  }

  setLoggingLevel(level: string): void {
    const message = scanMessage(
      Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 0, method: "logging/setLevel", params: { level } })),
    );
    // One that does not log refuses it, and that is no news for the client.
    if (message.kind === "request") this.connection.bridge.request(this.session, message, nobody);
  }

  /** The session and the message as this server is to get them. */
  translate(
    session: Session,
    message: RequestMessage,
  ): { readonly session: Session; readonly message: RequestMessage } {
    if (session === this.client) {
      const { capabilities, identity } = session;
      return { session: Object.assign(this.session, { capabilities, identity }), message };
    }
    if (this.connection.bridge.era === "legacy") return { session, message };
    return { session: asLegacySession(session, message), message: withoutItsEnvelope(message) };
  }

  close(): void {
    this.connection.close();
  }

  private take(bytes: Buffer, { deliver }: MemberLineOptions): void {
    const message = scanMessage(bytes);
    if (message.kind === "notification" && listChanged.has(message.method))
      this.member.connectionReady(this.connection);
    else deliver(bytes);
  }
}

/**
 * The aggregate speaks the legacy era to its clients of the modern era (the front translates), so a server of the modern
 * era has to be asked as by a client of the legacy era: what it needs comes back as questions.
 */
function asLegacySession(session: Session, { meta, bytes }: RequestMessage): Session {
  const read = (key: string): unknown => {
    const span = metaValue(meta, key);
    return span === undefined ? undefined : JSON.parse(spanText(bytes, span));
  };
  const identity = { capabilities: read(metaKeys.clientCapabilities) ?? {}, clientInfo: read(metaKeys.clientInfo) };
  return { ...session, era: "legacy", identity };
}

function withoutItsEnvelope(message: RequestMessage): RequestMessage {
  const scanned = scanMessage(replaceSpans(message.bytes, withoutEnvelope(message)));
  return scanned.kind === "request" ? scanned : message;
}
