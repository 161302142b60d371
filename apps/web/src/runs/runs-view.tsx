"use client";

import { RunFilters } from "./run-filters.tsx";
import { RunList } from "./run-list.tsx";
import { useRunFilter } from "./use-run-filter.ts";

/** The filters and the list they narrow. */
export function RunsView() {
  const { filter, setFilter } = useRunFilter();
  return (
    <div className="flex flex-col gap-4">
      <RunFilters filter={filter} onChange={setFilter} />
      <RunList filter={filter} />
    </div>
  );
}
