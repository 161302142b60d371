"use client";

import { useQuery } from "@tanstack/react-query";
import { usePathname, useSearchParams } from "next/navigation";
import { FacetMenu } from "../run-list/facet-menu.tsx";
import { useTrpc } from "../trpc/trpc-context.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { LiveLog } from "./live-log.tsx";

const serversMax = 50;

/** The live logs of the servers that are chosen in the URL; of all when none is. */
export function LogsView() {
  const query = useQuery(useTrpc().servers.list.queryOptions());
  const path = usePathname();
  const chosen = useSearchParams().getAll("server");
  if (query.data === undefined) {
    if (query.isError)
      return <QueryFailure what="the servers" error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton rows={6} label="Loading the servers" />;
  }
  const names = query.data.map(({ name }) => name);
  if (names.length === 0)
    return (
      <EmptyState kind="nothing-yet" title="No servers are configured">
        Their logs show up here when there are any.
      </EmptyState>
    );
  const wanted = chosen.filter((name) => names.includes(name));
  const shown = (wanted.length === 0 ? names : wanted).slice(0, serversMax);
  const choose = (servers: readonly string[]): void => {
    const parameters = new URLSearchParams(servers.map((name) => ["server", name]));
    window.history.replaceState(null, "", parameters.size === 0 ? path : `${path}?${parameters}`);
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <FacetMenu
          label="Servers"
          choices={names.map((name) => ({ value: name, label: name, runs: undefined }))}
          chosen={wanted}
          onChoose={choose}
        />
        {names.length > serversMax && wanted.length === 0 && (
          <span className="text-xs text-soft">
            The first {serversMax} of {names.length} servers
          </span>
        )}
      </div>
      <LiveLog servers={shown} />
    </div>
  );
}
