import { z } from "zod";
import { metaKeys } from "../../bridge/envelope.ts";
import { withSubscriptionId, type Listener, type SubscriptionFilter } from "../../bridge/listener.ts";
import { resultResponse } from "../../bridge/rpc-error.ts";
import { spanText } from "../../bridge/scan-message.ts";
import type { Handshake } from "../../runs/handshake.ts";
import type { ModernRequest } from "./dispatch-modern.ts";
import type { ModernPeer } from "./modern-peer.ts";
import { refuseModern, type ModernCall } from "./modern-sink.ts";

const maxListens = 1_000;
const maxUris = 1_000;

const requestSchema = z.object({
  params: z.object({
    notifications: z.object({
      toolsListChanged: z.boolean().optional(),
      promptsListChanged: z.boolean().optional(),
      resourcesListChanged: z.boolean().optional(),
      resourceSubscriptions: z.array(z.string()).max(maxUris).optional(),
    }),
  }),
});

/**
 * Feeds a subscription from what a server of the legacy era tells its sessions;
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions
 */
export function listenToLegacyServer(peer: ModernPeer, request: ModernRequest, handshake: Handshake): ModernCall {
  const { message, sink } = request;
  const { connection, listens } = peer;
  const { bridge } = connection;
  const idText = spanText(message.bytes, message.id);
  const parsed = requestSchema.safeParse(JSON.parse(message.bytes.toString()));
  if (!parsed.success || listens.size >= maxListens) {
    refuseModern(
      sink,
      idText,
      parsed.success
        ? { code: "limit_exceeded", message: `${maxListens} subscriptions are open; end some, or try again later` }
        : {
            code: "invalid_params",
            message: `subscriptions/listen: ${z.prettifyError(parsed.error ?? new z.ZodError([]))}`,
          },
    );
    return { cancel: () => undefined };
  }
  const filter = honoredFilter(parsed.data.params.notifications, handshake.result["capabilities"]);
  const listener: Listener = {
    filter,
    deliver: (notification) => sink.onMessage(withSubscriptionId(notification, idText)),
  };
  const leave = (): boolean => {
    bridge.removeListener(listener);
    return listens.delete(listen);
  };
  const listen = {
    end() {
      const result = `{"resultType":"complete","_meta":{"${metaKeys.subscriptionId}":${idText}}}`;
      if (leave()) sink.onResult(resultResponse(idText, result), 200);
    },
  };
  sink.onMessage(acknowledgement(filter, idText));
  listens.add(listen);
  bridge.addListener(listener);
  return { cancel: leave };
}

function acknowledgement(filter: SubscriptionFilter, idText: string): Buffer {
  const params = `{"_meta":{"${metaKeys.subscriptionId}":${idText}},"notifications":${JSON.stringify(filter)}}`;
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":${params}}`);
}

const capabilitiesSchema = z.object({
  tools: z.object({ listChanged: z.boolean().optional() }).optional(),
  prompts: z.object({ listChanged: z.boolean().optional() }).optional(),
  resources: z.object({ listChanged: z.boolean().optional(), subscribe: z.boolean().optional() }).optional(),
});

/** What of it the server can tell; the rest is left out of the acknowledgement. */
function honoredFilter(wanted: SubscriptionFilter, declared: unknown): SubscriptionFilter {
  const { tools, prompts, resources } = capabilitiesSchema.safeParse(declared).data ?? {};
  const { toolsListChanged, promptsListChanged, resourcesListChanged, resourceSubscriptions = [] } = wanted;
  return {
    ...(toolsListChanged === true && tools?.listChanged === true ? { toolsListChanged } : {}),
    ...(promptsListChanged === true && prompts?.listChanged === true ? { promptsListChanged } : {}),
    ...(resourcesListChanged === true && resources?.listChanged === true ? { resourcesListChanged } : {}),
    ...(resourceSubscriptions.length > 0 && resources?.subscribe === true ? { resourceSubscriptions } : {}),
  };
}
