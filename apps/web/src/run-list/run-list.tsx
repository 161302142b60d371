"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTrpc } from "../trpc/trpc-context.ts";
import { DataTable } from "../ui/data-table.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { NoRuns } from "./no-runs.tsx";
import type { RunFilter } from "./run-filter.ts";
import { runListInput, runPaging } from "./run-list-options.ts";
import { shownColumns } from "./run-columns.tsx";
import { RunRow } from "./run-row.tsx";

const columns = shownColumns(new Set());

export interface RunListProps {
  readonly filter: RunFilter;
  readonly visibleRuns: number;
}

/** The newest runs that match a filter. */
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
    <div aria-busy={query.isPlaceholderData}>
      <DataTable label="Runs" columns={columns.map(({ label }) => label)}>
        <tbody role="rowgroup">
          {runs.map((run) => (
            <RunRow key={run.id} run={run} columns={columns} />
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}
