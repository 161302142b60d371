import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { parseRunFilter } from "../../../run-list/run-filter.ts";
import { runListInput, runPaging } from "../../../run-list/run-list-options.ts";
import { RunsView } from "../../../run-list/runs-view.tsx";
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
    queryClient.fetchQuery(trpc.runs.facets.queryOptions(filter)),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <div className="min-w-0">
        <PageHeading>Runs</PageHeading>
        <RunsView />
      </div>
    </HydrationBoundary>
  );
}
