"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useEffect } from "react";
import { useTrpc } from "../trpc/trpc-context.ts";
import { keepLastRunQuery } from "./last-run-query.ts";
import { shownColumns } from "./run-columns.tsx";
import type { RunFilter } from "./run-filter.ts";
import { RunFilters } from "./run-filters.tsx";
import { RunTable } from "./run-table.tsx";
import { printRunView } from "./run-view.ts";
import { useRunView } from "./use-run-view.ts";

// The list comes first; the space of the chart is kept.
const RunHistogram = dynamic(async () => (await import("./run-histogram.tsx")).RunHistogram, {
  ssr: false,
  loading: () => <div className="min-h-[4.75rem]" />,
});

const RunTools = dynamic(async () => (await import("./run-tools.tsx")).RunTools, { ssr: false });

/** The filters, when the runs began, and the runs themselves. */
export function RunsView() {
  const { view, setView } = useRunView();
  const { filter, changedColumns } = view;
  const options = useTrpc().runs.facets.queryOptions(filter, { placeholderData: keepPreviousData });
  const facets = useQuery(options).data;
  const setFilter = (changed: RunFilter): void => setView({ ...view, filter: changed });
  const query = printRunView(view);
  useEffect(() => keepLastRunQuery(query), [query]);
  const { last: _last, ...untimed } = filter;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <RunFilters filter={filter} facets={facets} onChange={setFilter} />
        <div className="flex min-h-[1.875rem] gap-2">
          <RunTools view={view} onChange={setView} />
        </div>
      </div>
      <RunHistogram filter={filter} onBrush={(times) => setFilter({ ...untimed, ...times })} />
      <p role="status" className="min-h-5 text-xs text-soft tabular-nums">
        {facets !== undefined && countWords(facets.total)}
      </p>
      <RunTable filter={filter} columns={shownColumns(changedColumns)} total={facets?.total} />
    </div>
  );
}

function countWords(total: number): string {
  return total === 1 ? "1 run" : `${total.toLocaleString("en")} runs`;
}
