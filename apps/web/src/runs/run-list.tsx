"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { NoRuns } from "./no-runs.tsx";
import type { RunFilter } from "./run-filter.ts";
import { runListInput, runPaging } from "./run-list-options.ts";
import { runColumns, RunRow } from "./run-row.tsx";

export interface RunListProps {
  readonly filter: RunFilter;
  /** Shows only so many and no way to more. */
  readonly visibleRuns?: number;
}

/** The runs that match a filter, newest first. */
export function RunList({ filter, visibleRuns }: RunListProps) {
  const trpc = useTrpc();
  const query = useInfiniteQuery(
    trpc.runs.list.infiniteQueryOptions(runListInput(filter), { ...runPaging, placeholderData: keepPreviousData }),
  );
  if (query.data === undefined) {
    if (query.isError) return <QueryFailure what="the runs" error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton rows={8} label="Loading the runs" />;
  }
  const runs = query.data.pages.flatMap((page) => page.runs).slice(0, visibleRuns);
  if (runs.length === 0) return <NoRuns filter={filter} />;
  return (
    <div aria-busy={query.isPlaceholderData} className="flex flex-col gap-4">
      <DataTable label="Runs" columns={runColumns}>
        <tbody role="rowgroup">
          {runs.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </tbody>
      </DataTable>
      {visibleRuns === undefined && query.hasNextPage && (
        <div className="flex justify-center">
          <Button isPending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        </div>
      )}
      {query.isFetchNextPageError && (
        <p role="alert" className="text-center text-xs text-bad">
          The next runs could not be loaded. Try again.
        </p>
      )}
    </div>
  );
}
