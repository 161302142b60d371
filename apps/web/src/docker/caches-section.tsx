"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { slowRequest } from "../trpc/slow-request.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Section } from "../ui/section.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { describeCacheSum } from "./cache-sum.ts";
import { CachesTable } from "./caches-table.tsx";
import { PruneOutcome } from "./prune-outcome.tsx";

/** The cache volumes of the servers, their sizes, and their removal. */
export function CachesSection() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const list = useQuery(trpc.caches.list.queryOptions(undefined, { trpc: slowRequest }));
  const prune = useMutation(
    trpc.caches.prune.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.caches.list.queryFilter()),
    }),
  );
  const caches = list.data?.caches;
  const removing = prune.isPending ? prune.variables : undefined;
  return (
    <Section
      title="Caches"
      aside={
        <div className="flex flex-wrap items-center justify-end gap-x-3 gap-y-1 text-xs text-soft tabular-nums">
          {caches !== undefined && caches.length > 0 && describeCacheSum(caches)}
          {caches?.some(({ isOrphaned }) => isOrphaned) === true && (
            <ConfirmButton
              label="Remove orphaned caches, those of servers that are gone"
              question="Remove them for good"
              isPending={removing?.kind === "orphaned"}
              onConfirm={() => prune.mutate({ kind: "orphaned" })}
            >
              Remove orphaned
            </ConfirmButton>
          )}
        </div>
      }
    >
      <PruneOutcome data={prune.data} error={prune.error} />
      {caches === undefined && list.isError && (
        <QueryFailure what="the caches" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {caches === undefined && !list.isError && <Skeleton rows={2} label="Loading the caches" />}
      {caches?.length === 0 && (
        <EmptyState
          kind="not-applicable"
          title="There are none. A server that downloads its packages gets one with its first start (enable_cache_volume)."
        />
      )}
      {caches !== undefined && caches.length > 0 && (
        <CachesTable
          caches={caches}
          removing={removing?.kind === "servers" ? removing.names : []}
          onRemove={(server) => prune.mutate({ kind: "servers", names: [server] })}
        />
      )}
      {list.data?.problems.map((problem) => (
        <p key={problem} role="alert" className="text-xs text-bad wrap-anywhere">
          {problem}
        </p>
      ))}
    </Section>
  );
}
