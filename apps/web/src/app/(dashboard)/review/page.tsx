import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { failureListInput, parseReviewFilter } from "../../../review/review-filter.ts";
import { ReviewView } from "../../../review/review-view.tsx";
import { PageHeading } from "../../../shell/page-heading.tsx";
import { prefetch } from "../../../trpc/prefetch.ts";
import { openServerData } from "../../../trpc/server-data.ts";

export const metadata: Metadata = { title: "Review" };

interface Properties {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ReviewPage({ searchParams }: Properties) {
  const filter = parseReviewFilter(await searchParams);
  const { queryClient, trpc } = await openServerData();
  await prefetch([
    queryClient.fetchQuery(trpc.failures.list.queryOptions(failureListInput(filter))),
    queryClient.fetchQuery(trpc.limitAdvice.queryOptions()),
    queryClient.fetchQuery(trpc.servers.list.queryOptions()),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <div className="min-w-0">
        <PageHeading>Review</PageHeading>
        <ReviewView />
      </div>
    </HydrationBoundary>
  );
}
