import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isRunId } from "../../../../runs/run-id.ts";
import { RunDetail } from "../../../../runs/run-detail.tsx";
import { prefetch } from "../../../../trpc/prefetch.ts";
import { openServerData } from "../../../../trpc/server-data.ts";

export const metadata: Metadata = { title: "Run" };

interface Properties {
  readonly params: Promise<{ readonly id: string }>;
}

export default async function RunPage({ params }: Properties) {
  const { id } = await params;
  if (!isRunId(id)) notFound();
  const { queryClient, trpc } = await openServerData();
  await prefetch([
    queryClient.fetchQuery(trpc.runs.byId.queryOptions({ id })),
    queryClient.fetchQuery(trpc.runs.events.queryOptions({ id })),
    queryClient.fetchQuery(trpc.servers.list.queryOptions()),
    queryClient.fetchQuery(trpc.runs.samples.queryOptions({ id })),
    queryClient.fetchQuery(trpc.runs.tools.queryOptions({ id })),
    queryClient.fetchQuery(trpc.runs.changes.queryOptions({ id })),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <RunDetail id={id} />
    </HydrationBoundary>
  );
}
