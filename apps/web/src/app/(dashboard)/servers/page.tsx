import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { Notices } from "../../../notices/notices.tsx";
import { AddServer } from "../../../servers/add-server.tsx";
import { ServersTable } from "../../../servers/servers-table.tsx";
import { PageHeading } from "../../../shell/page-heading.tsx";
import { prefetch } from "../../../trpc/prefetch.ts";
import { openServerData } from "../../../trpc/server-data.ts";

export const metadata: Metadata = { title: "Servers" };

export default async function ServersPage() {
  const { queryClient, trpc } = await openServerData();
  await prefetch([
    queryClient.fetchQuery(trpc.servers.list.queryOptions()),
    queryClient.fetchQuery(trpc.status.queryOptions()),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <Notices />
      <div>
        <PageHeading aside={<AddServer />}>Servers</PageHeading>
        <ServersTable />
      </div>
    </HydrationBoundary>
  );
}
