"use client";

import { useQuery } from "@tanstack/react-query";
import { Notices } from "../notices/notices.tsx";
import { useTrpc } from "../trpc/trpc-context.ts";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { AttentionSection } from "./attention-section.tsx";
import { HeadroomSection } from "./headroom-section.tsx";
import { OverviewTiles } from "./overview-tiles.tsx";
import { StripsSection } from "./strips-section.tsx";

/** What needs attention now, how servers fared, and how much room the host has. */
export function OverviewView() {
  const query = useQuery(useTrpc().overview.queryOptions());
  if (query.data === undefined) {
    if (query.isError)
      return <QueryFailure what="the overview" error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton rows={8} label="Loading the overview" />;
  }
  return (
    <div className="flex flex-col gap-8">
      <div className="flex flex-col gap-2 empty:hidden">
        <Notices />
      </div>
      <OverviewTiles overview={query.data} />
      <AttentionSection overview={query.data} />
      <StripsSection servers={query.data.servers} />
      <HeadroomSection headroom={query.data.headroom} />
    </div>
  );
}
