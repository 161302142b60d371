import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { parseRunFilter } from "../../../runs/run-filter.ts";
import { runListInput, runPaging } from "../../../runs/run-list-options.ts";
import { RunsView } from "../../../runs/runs-view.tsx";
import { PageHeading } from "../../../shell/page-heading.tsx";
import { prefetch } from "../../../trpc/prefetch.ts";
import { openServerData } from "../../../trpc/server-data.ts";

export const metadata: Metadata = { title: "Runs" };

interface Properties {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function RunsPage({ searchParams }: Properties) {
  const filter = parseRunFilter(await searchParams);
  const { queryClient, trpc } = await openServerData();
  await prefetch([
    queryClient.fetchInfiniteQuery(trpc.runs.list.infiniteQueryOptions(runListInput(filter), runPaging)),
    queryClient.fetchQuery(trpc.servers.list.queryOptions()),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <div>
        <PageHeading>Runs</PageHeading>
        <RunsView />
      </div>
    </HydrationBoundary>
  );
}
