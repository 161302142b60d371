"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { NoRuns } from "./no-runs.tsx";
import type { RunColumn } from "./run-columns.tsx";
import type { RunFilter } from "./run-filter.ts";
import { runListInput, runPaging } from "./run-list-options.ts";
import { PlainRunRows } from "./plain-run-rows.tsx";

/** So many rows are simply there; more are worth the code that keeps only those in view. */
const plainRows = 150;
const VirtualRunRows = dynamic(async () => (await import("./virtual-run-rows.tsx")).VirtualRunRows, {
  ssr: false,
  loading: () => <Skeleton rows={8} label="Loading the runs" />,
});

export interface RunTableProps {
  readonly filter: RunFilter;
  readonly columns: readonly RunColumn[];
  /** All runs of the filter, loaded or not; undefined while that is not known. */
  readonly total: number | undefined;
}

/** Every run that matches a filter, newest first: pages are loaded on the way down, and only what is in view is in the page. */
export function RunTable({ filter, columns, total }: RunTableProps) {
  const trpc = useTrpc();
  const query = useInfiniteQuery(
    trpc.runs.list.infiniteQueryOptions(runListInput(filter), { ...runPaging, placeholderData: keepPreviousData }),
  );
  if (query.data === undefined) {
    if (query.isError) return <QueryFailure what="the runs" error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton rows={8} label="Loading the runs" />;
  }
  const runs = query.data.pages.flatMap((page) => page.runs);
  if (runs.length === 0) return <NoRuns filter={filter} />;
  const Rows = runs.length > plainRows ? VirtualRunRows : PlainRunRows;
  return (
    <div aria-busy={query.isPlaceholderData} className="flex flex-col gap-4">
      <Rows
        runs={runs}
        columns={columns}
        total={Math.max(total ?? 0, runs.length)}
        onNearEnd={() => {
          if (query.hasNextPage && !query.isFetchingNextPage && !query.isFetchNextPageError) void query.fetchNextPage();
        }}
      />
      {query.isFetchingNextPage && <Skeleton rows={2} label="Loading older runs" />}
      {query.isFetchNextPageError && (
        <div role="alert" className="flex items-center justify-center gap-3 text-xs text-bad">
          The next runs could not be loaded.
          <Button onClick={() => void query.fetchNextPage()}>Try again</Button>
        </div>
      )}
    </div>
  );
}
