import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { DockerView } from "../../../docker/docker-view.tsx";
import { PageHeading } from "../../../shell/page-heading.tsx";
import { prefetch } from "../../../trpc/prefetch.ts";
import { openServerData } from "../../../trpc/server-data.ts";
import { slowRequest } from "../../../trpc/slow-request.ts";

export const metadata: Metadata = { title: "Docker" };

export default async function DockerPage() {
  const { queryClient, trpc } = await openServerData();
  // The contexts that nobody uses are asked by the browser: one that does not answer must not hold up the page.
  await prefetch([
    queryClient.fetchQuery(trpc.status.queryOptions()),
    queryClient.fetchQuery(trpc.servers.list.queryOptions()),
    queryClient.fetchQuery(trpc.caches.list.queryOptions(undefined, { trpc: slowRequest })),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <div>
        <PageHeading>Docker</PageHeading>
        <DockerView />
      </div>
    </HydrationBoundary>
  );
}
