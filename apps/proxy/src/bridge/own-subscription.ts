import type { Call } from "./calls.ts";
import { envelopeMembers, modernVersion } from "./envelope.ts";
import { scanMessage, type NotificationMessage, type RequestMessage } from "./scan-message.ts";
import type { BridgeParts } from "./server-side.ts";
import { createOwnSession } from "./session.ts";

const session = createOwnSession("mcpproxy");

/** One `subscriptions/listen` to a server of the modern era, for all sessions of the legacy era together. */
export class OwnSubscription {
  private readonly parts: BridgeParts;
  private readonly deliver: (message: NotificationMessage) => void;
  private current: { readonly call: Call; readonly uris: string } | undefined;

  constructor(parts: BridgeParts, deliver: (message: NotificationMessage) => void) {
    this.parts = parts;
    this.deliver = deliver;
  }

  /** Asks for what sessions want by now; the filter of a subscription never changes, so it is a new one. */
  update(): void {
    const ofSessions = [...this.parts.sessions].flatMap(({ subscriptions }) => [...subscriptions]);
    const ofListeners = [...this.parts.listeners].flatMap(({ filter }) => filter.resourceSubscriptions ?? []);
    const uris = [...new Set([...ofSessions, ...ofListeners])].toSorted();
    const before = this.current;
    if (before?.uris === JSON.stringify(uris) || !this.parts.hasRoom) return;
    const sink = { onMessage: () => true, onResult: () => this.ended(call), onCancelled: () => undefined };
    const call: Call = this.parts.send({ session, message: listenRequest(uris), sink });
    this.current = { call, uris: JSON.stringify(uris) };
    // The new one first: nothing is missed in between.
    if (before !== undefined) this.cancel(before.call);
  }

  receive(call: Call, message: NotificationMessage): void {
    const isCurrent = call === this.current?.call;
    if (isCurrent && message.method !== "notifications/subscriptions/acknowledged") this.deliver(message);
  }

  clear(): void {
    this.current = undefined;
  }

  private ended(call: Call): void {
    if (this.current?.call === call) this.current = undefined;
  }

  private cancel({ id }: Call): void {
    this.parts.calls.take(id);
    const params = JSON.stringify({ requestId: id });
    this.parts.write(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`));
  }
}

function listenRequest(uris: readonly string[]): RequestMessage {
  const envelope = envelopeMembers(
    { capabilities: {}, clientInfo: { name: "mcpproxy", version: modernVersion } },
    undefined,
  );
  const notifications = {
    toolsListChanged: true,
    promptsListChanged: true,
    resourcesListChanged: true,
    ...(uris.length === 0 ? {} : { resourceSubscriptions: uris }),
  };
  const params = `{"_meta":{${envelope}},"notifications":${JSON.stringify(notifications)}}`;
  const request = scanMessage(
    Buffer.from(`{"jsonrpc":"2.0","id":0,"method":"subscriptions/listen","params":${params}}`),
  );
  if (request.kind !== "request") throw new Error("subscriptions/listen is a request");
  return request;
}
