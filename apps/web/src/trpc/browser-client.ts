import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from "@trpc/client";
import { isSlowRequest } from "./slow-request.ts";
import type { Router } from "./router-types.ts";

export type BrowserClient = TRPCClient<Router>;

/** The browser's way to the proxy: same origin, through /trpc of the web server. */
export function createBrowserClient(): BrowserClient {
  return createTRPCClient<Router>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ url: "/trpc" }),
        false: splitLink({
          condition: isSlowRequest,
          true: httpLink({ url: "/trpc" }),
          false: httpBatchLink({ url: "/trpc", maxURLLength: 4_000 }),
        }),
      }),
    ],
  });
}
