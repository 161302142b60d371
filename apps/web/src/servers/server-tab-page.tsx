import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { prefetch } from "../trpc/prefetch.ts";
import { openServerData } from "../trpc/server-data.ts";
import { ServerFrame } from "./server-frame.tsx";
import type { ServerTabId } from "./server-tabs.tsx";

/** How a page asks the proxy. */
export type ServerData = Awaited<ReturnType<typeof openServerData>>;

export interface ServerTabPageProps {
  readonly params: Promise<{ readonly name: string }>;
  readonly tab: ServerTabId;
  /** What this part needs beside the server itself. */
  readonly queries?: (data: ServerData, name: string) => readonly Promise<unknown>[];
  readonly render: (name: string) => ReactNode;
}

/** One part of a server's page: fetched with the server, inside its frame. */
export async function ServerTabPage({ params, tab, queries, render }: ServerTabPageProps) {
  const name = decodeURIComponent((await params).name);
  const data = await openServerData();
  const { queryClient, trpc } = data;
  const server = queryClient.fetchQuery(trpc.servers.byName.queryOptions({ name }));
  await prefetch([server, ...(queries?.(data, name) ?? [])]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <ServerFrame name={name} tab={tab}>
        {render(name)}
      </ServerFrame>
    </HydrationBoundary>
  );
}

/** The title of a part of a server's page. */
export async function serverTitle({ params }: Pick<ServerTabPageProps, "params">): Promise<{ readonly title: string }> {
  return { title: decodeURIComponent((await params).name) };
}
