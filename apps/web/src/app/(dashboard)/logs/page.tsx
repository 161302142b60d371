import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { Suspense } from "react";
import { LogsView } from "../../../logs/logs-view.tsx";
import { PageHeading } from "../../../shell/page-heading.tsx";
import { prefetch } from "../../../trpc/prefetch.ts";
import { openServerData } from "../../../trpc/server-data.ts";

export const metadata: Metadata = { title: "Logs" };

export default async function LogsPage() {
  const { queryClient, trpc } = await openServerData();
  await prefetch([queryClient.fetchQuery(trpc.servers.list.queryOptions())]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <PageHeading>Logs</PageHeading>
      <Suspense>
        <LogsView />
      </Suspense>
    </HydrationBoundary>
  );
}
