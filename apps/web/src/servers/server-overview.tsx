"use client";

import { useQuery } from "@tanstack/react-query";
import { CpuChart, MemoryChart } from "../runs/usage-charts.tsx";
import { useTrpc } from "../trpc/trpc-context.ts";
import { CurrentRun } from "./current-run.tsx";
import { ServerFacts } from "./server-facts.tsx";
import { useServer } from "./use-server.ts";

/** What a server does right now and what it takes, against its limits. */
export function ServerOverview({ name }: { name: string }) {
  const server = useServer(name);
  if (server === undefined) return null;
  return (
    <div className="flex flex-col gap-8">
      <div className="grid gap-8 lg:grid-cols-2">
        <CurrentRun server={server} />
        <ServerFacts server={server} />
      </div>
      {server.run !== null && <LiveCharts id={server.run.id} />}
    </div>
  );
}

function LiveCharts({ id }: { id: string }) {
  const run = useQuery(useTrpc().runs.byId.queryOptions({ id })).data;
  if (run === undefined) return null;
  return (
    <div className="grid gap-8 lg:grid-cols-2">
      <MemoryChart run={run} />
      <CpuChart run={run} />
    </div>
  );
}
