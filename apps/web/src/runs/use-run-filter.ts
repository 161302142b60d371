"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { parseRunFilter, printRunFilter, type RunFilter } from "./run-filter.ts";

/** The filter in the URL, and how to change it without asking the web server for the page again. */
export function useRunFilter(): { filter: RunFilter; setFilter: (filter: RunFilter) => void } {
  const path = usePathname();
  const parameters = useSearchParams();
  return {
    filter: parseRunFilter(Object.fromEntries(parameters)),
    setFilter: (filter) => window.history.replaceState(null, "", `${path}${printRunFilter(filter)}`),
  };
}
