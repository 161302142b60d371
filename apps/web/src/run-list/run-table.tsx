"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useTrpc } from "../trpc/trpc-context.ts";
import type { Run } from "../trpc/router-types.ts";
import { Button } from "../ui/button.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { NewRunsBar } from "./new-runs-bar.tsx";
import { NoRuns } from "./no-runs.tsx";
import type { RunColumn } from "./run-columns.tsx";
import type { RunFilter } from "./run-filter.ts";
import { runListInput, runPageSize, runPaging } from "./run-list-options.ts";
import { RunRow } from "./run-row.tsx";
import { useAnchoredRuns } from "./use-anchored-runs.ts";

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
  return (
    <div aria-busy={query.isPlaceholderData} className="flex flex-col gap-4">
      <VirtualRows
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

interface VirtualRowsProps {
  readonly runs: readonly Run[];
  readonly columns: readonly RunColumn[];
  readonly total: number;
  readonly onNearEnd: () => void;
}

/** How high a row is before it is measured. */
const estimatedRowPx = 58;
const overscanRows = 12;

function VirtualRows({ runs, columns, total, onNearEnd }: VirtualRowsProps) {
  const table = useRef<HTMLDivElement>(null);
  const { shown, waiting, showNew } = useAnchoredRuns(runs, table);
  const offsetPx = useOffsetTop(table);
  // oxlint-disable-next-line react/incompatible-library -- it tells of changes by rendering again itself
  const virtualizer = useWindowVirtualizer({
    count: shown.length,
    estimateSize: () => estimatedRowPx,
    overscan: overscanRows,
    scrollMargin: offsetPx,
    getItemKey: (index) => shown[index]?.id ?? index,
    // On the server and in the first paint: the first page, as it will stay.
    initialRect: { width: 1280, height: runPageSize * estimatedRowPx },
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastIndex >= shown.length - overscanRows) onNearEnd();
  }, [lastIndex, shown.length, onNearEnd]);
  const beforePx = (items[0]?.start ?? offsetPx) - offsetPx;
  const afterPx = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? offsetPx) - offsetPx);
  return (
    <div ref={table}>
      <NewRunsBar waiting={waiting} onShow={showNew} />
      <DataTable label="Runs" columns={columns.map(({ label }) => label)} rowCount={total + 1}>
        <tbody role="rowgroup">
          <Spacer heightPx={beforePx} />
          {items.map(({ index, key }) => {
            const run = shown[index];
            return run === undefined ? null : (
              <RunRow
                key={key}
                ref={virtualizer.measureElement}
                index={index}
                rowNumber={index + 2}
                run={run}
                columns={columns}
              />
            );
          })}
          <Spacer heightPx={afterPx} />
        </tbody>
      </DataTable>
    </div>
  );
}

/** Stands for the rows that are not in the page. */
function Spacer({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null;
  return <tr aria-hidden style={{ height: heightPx }} />;
}

/** How far below the top of the document an element begins; follows what appears above it. */
function useOffsetTop(element: { readonly current: HTMLElement | null }): number {
  return useSyncExternalStore(
    subscribeToLayout,
    () => {
      const { current } = element;
      return current === null ? 0 : Math.round(current.getBoundingClientRect().top + window.scrollY);
    },
    () => 0,
  );
}

function subscribeToLayout(listener: () => void): () => void {
  const observer = new ResizeObserver(listener);
  observer.observe(document.body);
  return () => observer.disconnect();
}
