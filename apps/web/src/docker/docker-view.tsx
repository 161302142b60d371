"use client";

import { useQuery } from "@tanstack/react-query";
import { useTrpc } from "../trpc/trpc-context.ts";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { CachesSection } from "./caches-section.tsx";
import { ContextsSection } from "./contexts-section.tsx";
import { EngineSection } from "./engine-section.tsx";

/** The engine, the contexts there are, and what servers keep on them. */
export function DockerView() {
  const status = useQuery(useTrpc().status.queryOptions());
  if (status.data === undefined) {
    if (status.isError)
      return <QueryFailure what="the engine" error={status.error} onRetry={() => void status.refetch()} />;
    return <Skeleton rows={8} label="Loading the engine" />;
  }
  return (
    <div className="flex flex-col gap-8">
      <EngineSection engine={status.data.engine} />
      <ContextsSection known={status.data.contexts} />
      <CachesSection />
    </div>
  );
}
