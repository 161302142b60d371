"use client";

import { useQuery } from "@tanstack/react-query";
import { Breadcrumb } from "../shell/breadcrumb.tsx";
import type { Run } from "../trpc/router-types.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { CallsAtDeath } from "./calls-at-death.tsx";
import { DockerCommandBlock } from "./docker-command-block.tsx";
import { CopyRun } from "./copy-run.tsx";
import { FrozenLog } from "./frozen-log.tsx";
import { ReviewBox } from "./review-box.tsx";
import { RunCalls } from "./run-calls.tsx";
import { RunChanges } from "./run-changes.tsx";
import { RunFacts } from "./run-facts.tsx";
import { RunIsolation } from "./run-isolation.tsx";
import { RunNeighbours } from "./run-neighbours.tsx";
import { RunSummary } from "./run-summary.tsx";
import { Timeline } from "./timeline.tsx";
import { CpuChart, MemoryChart } from "./usage-charts.tsx";
import { VerdictEvidence } from "./verdict-evidence.tsx";

/** Everything about one run. */
export function RunDetail({ id }: { id: string }) {
  const query = useQuery(useTrpc().runs.byId.queryOptions({ id }));
  return (
    <div>
      <div className="flex flex-wrap items-start justify-between gap-x-4">
        <Breadcrumb href="/runs" label="Runs" here={id} />
        <RunNeighbours id={id} />
      </div>
      {query.data === undefined && query.isError && (
        <QueryFailure what="this run" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data === undefined && !query.isError && <Skeleton rows={8} label="Loading the run" />}
      {query.data !== undefined && <RunContent run={query.data} />}
    </div>
  );
}

function RunContent({ run }: { run: Run }) {
  return (
    <div className="flex flex-col gap-8">
      <RunSummary run={run} />
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-12">
        <div className="flex min-w-0 flex-col gap-8">
          {run.verdict !== null && <VerdictEvidence verdict={run.verdict} startedAt={run.startedAt} />}
          <CallsAtDeath run={run} />
          <RunCalls run={run} />
          <MemoryChart run={run} />
          <CpuChart run={run} />
          <Timeline run={run} />
          <RunIsolation run={run} />
          <FrozenLog lines={run.stderrTail} />
          <DockerCommandBlock dockerRunArgs={run.dockerRunArgs} />
        </div>
        <div className="flex min-w-0 flex-col gap-8">
          <div>
            <CopyRun run={run} />
          </div>
          {run.state === "ended" && <ReviewBox key={run.id} run={run} />}
          <RunChanges key={`changes-${run.id}`} id={run.id} />
          <RunFacts run={run} />
        </div>
      </div>
    </div>
  );
}
