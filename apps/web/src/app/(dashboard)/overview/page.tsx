import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { OverviewView } from "../../../overview/overview-view.tsx";
import { PageHeading } from "../../../shell/page-heading.tsx";
import { prefetch } from "../../../trpc/prefetch.ts";
import { openServerData } from "../../../trpc/server-data.ts";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const { queryClient, trpc } = await openServerData();
  await prefetch([
    queryClient.fetchQuery(trpc.overview.queryOptions()),
    queryClient.fetchQuery(trpc.servers.list.queryOptions()),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <div className="min-w-0">
        <PageHeading>Overview</PageHeading>
        <OverviewView />
      </div>
    </HydrationBoundary>
  );
}
