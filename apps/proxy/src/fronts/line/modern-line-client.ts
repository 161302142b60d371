import { errorResponse } from "../../bridge/rpc-error.ts";
import { spanText, type Message, type NotificationMessage, type RequestMessage } from "../../bridge/scan-message.ts";
import type { Connection } from "../../runs/connection.ts";
import { dispatchModern } from "../modern/dispatch-modern.ts";
import type { LegacyCall } from "../modern/legacy-call.ts";
import type { ModernPeer } from "../modern/modern-peer.ts";
import type { ModernCall, ModernSink } from "../modern/modern-sink.ts";
import { ParkedCalls } from "../modern/parked-calls.ts";
import { claimedVersion, readEnvelope } from "../modern/read-envelope.ts";

export interface ModernLineClientOptions {
  readonly connection: Connection;
  readonly principal: string;
  send(message: Buffer): boolean;
}

interface OpenCall {
  readonly idText: string;
  call: ModernCall | undefined;
}

/**
 * The modern era on a connection of lines. Each request says its revision itself, so both eras may use one connection;
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio
 */
export class ModernLineClient {
  private readonly options: ModernLineClientOptions;
  private readonly peer: ModernPeer;
  private readonly open = new Set<OpenCall>();

  constructor(options: ModernLineClientOptions) {
    this.options = options;
    const { connection, principal } = options;
    this.peer = { connection, principal, parked: new ParkedCalls<LegacyCall>(), listens: new Set() };
  }

  /** Takes a message of the modern era; false for all others. */
  take(message: Message): boolean {
    if (message.kind === "notification" && message.method === "notifications/cancelled") return this.cancelled(message);
    if (message.kind !== "request" || claimedVersion(message) === undefined) return false;
    this.takeRequest(message);
    return true;
  }

  /** The client is gone. */
  close(): void {
    for (const { call } of this.open) call?.cancel();
    this.open.clear();
    this.peer.parked.expireAll("the client's connection ended");
  }

  private takeRequest(message: RequestMessage): void {
    const idText = spanText(message.bytes, message.id);
    const envelope = readEnvelope(message);
    if ("code" in envelope) {
      this.options.send(errorResponse(idText, envelope));
      return;
    }
    const open: OpenCall = { idText, call: undefined };
    this.open.add(open);
    const sink: ModernSink = {
      onMessage: (bytes) => this.open.has(open) && this.options.send(bytes),
      onResult: (bytes) => {
        if (this.open.delete(open)) this.options.send(bytes);
      },
    };
    open.call = dispatchModern(this.peer, { message, envelope, sink });
  }

  /** With the same id in flight twice nobody can say which one is meant. */
  private cancelled({ bytes, requestId }: NotificationMessage): boolean {
    const idText = requestId && spanText(bytes, requestId);
    const [open, ...others] = [...this.open].filter((candidate) => candidate.idText === idText);
    if (open === undefined) return false;
    if (others.length > 0) return true;
    this.open.delete(open);
    open.call?.cancel();
    return true;
  }
}
