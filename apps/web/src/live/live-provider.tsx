"use client";

import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { BrowserClient } from "../trpc/browser-client.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { applyChange } from "./apply-change.ts";
import { startLiveFeed } from "./live-feed.ts";
import type { LiveState } from "./live-state.ts";
import { createLiveStore, type LiveStore } from "./live-store.ts";

const LiveContext = createContext<LiveStore | undefined>(undefined);

/** Holds the one subscription of the page and tells how it stands. */
export function LiveProvider({ client, children }: { client: BrowserClient; children: ReactNode }) {
  const queryClient = useQueryClient();
  const trpc = useTrpc();
  const [store] = useState(createLiveStore);
  useEffect(
    () =>
      startLiveFeed(client, {
        onChange: (change) => applyChange({ queryClient, trpc }, { change, at: new Date() }),
        onSignal: store.signal,
        // An ended session shows in the answer's error, which the query cache reports; the rest is not of interest here.
        onFailedAttempt: () =>
          void queryClient
            .fetchQuery({ ...trpc.status.queryOptions(), staleTime: 0, retry: false })
            .catch(() => undefined),
      }),
    [client, queryClient, trpc, store],
  );
  return <LiveContext value={store}>{children}</LiveContext>;
}

/** How the live feed stands. */
export function useLiveState(): LiveState {
  const store = use(LiveContext);
  if (store === undefined) throw new Error("useLiveState needs a LiveProvider above");
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}
