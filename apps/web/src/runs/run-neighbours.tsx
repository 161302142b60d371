"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSyncExternalStore } from "react";
import { parametersAsObject, parseRunFilter } from "../run-list/run-filter.ts";
import { lastRunQuery, subscribeToLastRunQuery } from "../run-list/last-run-query.ts";
import { useTrpc } from "../trpc/trpc-context.ts";

/** Leads to the runs before and after this one, in the list that one came from. */
export function RunNeighbours({ id }: { id: string }) {
  const query = useSyncExternalStore(subscribeToLastRunQuery, lastRunQuery, () => "");
  const filter = parseRunFilter(parametersAsObject(new URLSearchParams(query)));
  const { data } = useQuery(useTrpc().runs.neighbours.queryOptions({ id, filter }, { staleTime: 0 }));
  const among = Object.keys(filter).length > 0 ? " (of the filtered runs)" : "";
  return (
    <nav aria-label="Other runs" className="flex min-h-4 gap-3 text-xs text-soft">
      {data?.newer != null && (
        <Link className="link" data-shortcut="newer" href={`/runs/${data.newer}`} title={`Newer run${among}, key [`}>
          Newer
        </Link>
      )}
      {data?.older != null && (
        <Link className="link" data-shortcut="older" href={`/runs/${data.older}`} title={`Older run${among}, key ]`}>
          Older
        </Link>
      )}
      {among !== "" && (
        <Link className="link" href={`/runs?${query}`}>
          Back to the filtered runs
        </Link>
      )}
    </nav>
  );
}
