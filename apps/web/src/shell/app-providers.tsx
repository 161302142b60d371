"use client";

import { useState, type ReactNode } from "react";
import { MutationCache, QueryCache, QueryClientProvider } from "@tanstack/react-query";
import { ClockProvider } from "../clock/clock-provider.tsx";
import { LiveProvider } from "../live/live-provider.tsx";
import { createBrowserClient } from "../trpc/browser-client.ts";
import { describeFailure } from "../trpc/describe-failure.ts";
import { createQueryClient } from "../trpc/query-client.ts";
import { TrpcProvider } from "../trpc/trpc-context.ts";

/** Everything the client leaves need: query cache, tRPC, the live feed, the clock. */
export function AppProviders({ renderedAtMs, children }: { renderedAtMs: number; children: ReactNode }) {
  const [queryClient] = useState(() => {
    const onError = leaveWhenSignedOut;
    return createQueryClient({
      queryCache: new QueryCache({ onError }),
      mutationCache: new MutationCache({ onError }),
    });
  });
  const [client] = useState(createBrowserClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TrpcProvider trpcClient={client} queryClient={queryClient}>
        <ClockProvider renderedAtMs={renderedAtMs}>
          <LiveProvider client={client}>{children}</LiveProvider>
        </ClockProvider>
      </TrpcProvider>
    </QueryClientProvider>
  );
}

function leaveWhenSignedOut(error: unknown): void {
  // A whole page load, so that nothing of the ended session stays in memory.
  if (describeFailure(error).kind === "signed-out") window.location.assign("/login?problem=signed-out");
}
