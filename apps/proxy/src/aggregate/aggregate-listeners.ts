import { wantsNotification, withoutSubscriptionId, type Listener } from "../bridge/listener.ts";
import { scanMessage, type NotificationMessage } from "../bridge/scan-message.ts";
import { findByUri } from "./find-offer.ts";
import type { Member, Members } from "./member.ts";
import type { MemberLines } from "./member-lines.ts";

/** What clients of the modern era listen to: lists here, resources at their servers. */
export class AggregateListeners {
  private readonly members: Members;
  private readonly lines: MemberLines;
  private readonly all = new Map<Listener, readonly (() => void)[]>();

  constructor(members: Members, lines: MemberLines) {
    this.members = members;
    this.lines = lines;
  }

  add(listener: Listener): void {
    const urisOf = new Map<Member, string[]>();
    for (const uri of listener.filter.resourceSubscriptions ?? []) {
      const member = findByUri(this.members, uri);
      if (member !== undefined) urisOf.set(member, [...(urisOf.get(member) ?? []), uri]);
    }
    this.all.set(
      listener,
      [...urisOf].map(([member, uris]) => this.listenAt(member, uris, listener)),
    );
  }

  remove(listener: Listener): void {
    for (const leave of this.all.get(listener) ?? []) leave();
    this.all.delete(listener);
  }

  tell(bytes: Buffer): void {
    const message = scanMessage(bytes);
    if (message.kind !== "notification") return;
    for (const listener of this.all.keys()) if (wantsNotification(listener.filter, message)) listener.deliver(message);
  }

  close(): void {
    for (const listener of this.all.keys()) this.remove(listener);
  }

  private listenAt(member: Member, uris: readonly string[], { deliver }: Listener): () => void {
    const { bridge } = this.lines.to(member).connection;
    const listener: Listener = {
      filter: { resourceSubscriptions: uris },
      deliver: (message) => deliver(unmarked(message)),
    };
    bridge.addListener(listener);
    return () => bridge.removeListener(listener);
  }
}

/** A server of the modern era has marked it with the id of MCPProxy's own subscription. */
function unmarked(message: NotificationMessage): NotificationMessage {
  if (message.meta === undefined) return message;
  const scanned = scanMessage(withoutSubscriptionId(message));
  return scanned.kind === "notification" ? scanned : message;
}
