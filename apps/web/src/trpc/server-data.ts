import { cache } from "react";
import { redirect } from "next/navigation";
import { cookies } from "next/headers";
import { createTRPCClient, httpBatchLink, httpLink, splitLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { environment } from "../environment.ts";
import { sessionCookieName } from "../session/session-cookie.ts";
import { createQueryClient } from "./query-client.ts";
import { isSlowRequest } from "./slow-request.ts";
import type { Router } from "./router-types.ts";
import { staleSessionAnswer, tellsOfStaleSession } from "./transport-error.ts";

// A proxy that hangs must not hang the page: past this the browser shows the skeleton and goes on asking.
const prefetchTimeoutMs = 2_000;

/** Query cache and tRPC options for the server side of one request, with the visitor's session. Without one: to /login. */
export const openServerData = cache(async () => {
  const session = (await cookies()).get(sessionCookieName)?.value;
  if (session === undefined || session === "") redirect("/login");
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } });
  const proxy = {
    url: `${environment.proxyUrl}/trpc`,
    headers: { cookie: `${sessionCookieName}=${session}` },
    fetch: fetchForPage,
  };
  const client = createTRPCClient<Router>({
    links: [splitLink({ condition: isSlowRequest, true: httpLink(proxy), false: httpBatchLink(proxy) })],
  });
  return { queryClient, trpc: createTRPCOptionsProxy<Router>({ client, queryClient }) };
});

async function fetchForPage(
  url: string | URL | Request,
  options?: { method?: string; headers?: HeadersInit },
): Promise<Response> {
  const response = await fetch(url, {
    method: options?.method ?? "GET",
    headers: new Headers(options?.headers),
    cache: "no-store",
    signal: AbortSignal.timeout(prefetchTimeoutMs),
  });
  return tellsOfStaleSession(response) ? staleSessionAnswer() : response;
}
