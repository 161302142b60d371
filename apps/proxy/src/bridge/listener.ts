import { insertMembers, metaKeys, withMetaMembers, withoutMembers } from "./envelope.ts";
import { replaceSpans } from "./replace-spans.ts";
import { spanString, type NotificationMessage } from "./scan-message.ts";

/** What a subscription asks for; https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions */
export interface SubscriptionFilter {
  readonly toolsListChanged?: boolean | undefined;
  readonly promptsListChanged?: boolean | undefined;
  readonly resourcesListChanged?: boolean | undefined;
  readonly resourceSubscriptions?: readonly string[] | undefined;
}

/** A `subscriptions/listen` request of a client of the modern era to a server of the legacy era. */
export interface Listener {
  readonly filter: SubscriptionFilter;
  deliver(message: NotificationMessage): void;
}

/** Whether a notification of the server is what this subscription asks for. */
export function wantsNotification(filter: SubscriptionFilter, message: NotificationMessage): boolean {
  switch (message.method) {
    case "notifications/tools/list_changed":
      return filter.toolsListChanged === true;
    case "notifications/prompts/list_changed":
      return filter.promptsListChanged === true;
    case "notifications/resources/list_changed":
      return filter.resourcesListChanged === true;
    case "notifications/resources/updated": {
      const uri = spanString(message.bytes, message.uri);
      return uri !== undefined && (filter.resourceSubscriptions ?? []).includes(uri);
    }
    default:
      return false;
  }
}

/** The notification as this subscription gets it: marked with the id of its request, as raw JSON. */
export function withSubscriptionId(message: NotificationMessage, idText: string): Buffer {
  const member = `"${metaKeys.subscriptionId}":${idText}`;
  const isOld = (key: string): boolean => key === metaKeys.subscriptionId;
  if (!(message.meta?.members.some(({ key }) => isOld(key)) ?? false))
    return replaceSpans(message.bytes, [withMetaMembers(message, member)]);
  const { meta } = message;
  if (meta === undefined) return message.bytes;
  const keepsNone = meta.members.every(({ key }) => isOld(key));
  return replaceSpans(message.bytes, [
    insertMembers({ span: meta.span, isEmpty: keepsNone }, member),
    ...withoutMembers(meta, isOld),
  ]);
}

/** The notification as a client of the legacy era gets it. */
export function withoutSubscriptionId({ bytes, meta }: NotificationMessage): Buffer {
  return meta === undefined
    ? bytes
    : replaceSpans(
        bytes,
        withoutMembers(meta, (key) => key === metaKeys.subscriptionId),
      );
}
