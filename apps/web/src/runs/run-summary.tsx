import type { RunRecord } from "@mcpproxy/core/run/run-record";
import Link from "next/link";
import type { ReactNode } from "react";
import { Timestamp } from "../clock/timestamp.tsx";
import { DangerFlags } from "../isolation/danger-flags.tsx";
import { dangersOfRun } from "../isolation/danger-words.ts";
import { StatusBadge } from "../status/status-badge.tsx";
import { exitWords } from "./exit-words.ts";
import { RunDuration } from "./run-duration.tsx";
import { RunFix } from "./run-fix.tsx";
import { statusOfRun } from "./run-status.ts";

/** The head of a run's page: status, the sentence of its verdict, what to do, the first facts. */
export function RunSummary({ run }: { run: RunRecord }) {
  const exit = exitWords(run);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-x-3 gap-y-1 text-[13px]">
        <StatusBadge status={statusOfRun(run)} />
        <DangerFlags dangers={dangersOfRun(run)} />
      </div>
      <h1 className="text-xl font-semibold tracking-tight wrap-anywhere">
        {run.verdict?.summary ?? `Run of ${run.server}`}
      </h1>
      {run.verdict?.remedy !== undefined && <p className="max-w-prose text-sm">{run.verdict.remedy}</p>}
      <RunFix run={run} />
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-[13px]">
        <Pair name="Server">
          <Link className="link" href={`/servers/${encodeURIComponent(run.server)}`}>
            {run.server}
          </Link>
        </Pair>
        <Pair name="Started">
          <Timestamp at={run.startedAt} />
        </Pair>
        <Pair name="Duration">
          <RunDuration run={run} />
        </Pair>
        {exit !== undefined && <Pair name="Exit">{exit}</Pair>}
        {run.oomKilled && <Pair name="OOMKilled">true</Pair>}
      </dl>
    </div>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-1.5 tabular-nums">
      <dt className="text-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
