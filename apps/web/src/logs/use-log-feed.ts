"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { useTrpcClient } from "../trpc/trpc-context.ts";
import { LogFeed, noLogs, type LogFeedState } from "./log-feed.ts";

/** The live log of these servers; another choice of servers begins anew, so give it a key. */
export function useLogFeed(servers: readonly string[]): { readonly state: LogFeedState; readonly clear: () => void } {
  const client = useTrpcClient();
  const [feed] = useState(() => new LogFeed(servers));
  const [chosen] = useState(servers);
  useEffect(() => feed.open(client, chosen), [feed, client, chosen]);
  const state = useSyncExternalStore(feed.subscribe, feed.read, () => noLogs);
  return { state, clear: () => feed.clear() };
}
