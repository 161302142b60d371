import type { RunRecord } from "@mcpproxy/core/run/run-record";
import Link from "next/link";
import { Timestamp } from "../clock/timestamp.tsx";
import { DangerFlags } from "../isolation/danger-flags.tsx";
import { dangersOfRun } from "../isolation/danger-words.ts";
import { StatusBadge } from "../status/status-badge.tsx";
import { DataCell } from "../ui/data-cell.tsx";
import { MemoryBar } from "../ui/memory-bar.tsx";
import { exitWords } from "./exit-words.ts";
import { RunDuration } from "./run-duration.tsx";
import { statusOfRun } from "./run-status.ts";
import { NoValue } from "../ui/no-value.tsx";

export const runColumns = ["Status and verdict", "Server", "Exit", "Peak memory", "Duration", "Started"] as const;

/** One run of the table; the link in the first cell opens it. */
export function RunRow({ run }: { run: RunRecord }) {
  return (
    <tr role="row" className="data-row">
      <DataCell column="" className="lg:w-[38%]">
        <Link href={`/runs/${run.id}`} className="link">
          <StatusBadge status={statusOfRun(run)} />
        </Link>
        {run.verdict !== null && <p className="text-soft wrap-anywhere">{run.verdict.summary}</p>}
      </DataCell>
      <DataCell column="Server">
        <Link href={`/servers/${encodeURIComponent(run.server)}`} className="link wrap-anywhere">
          {run.server}
        </Link>
        <div>
          <DangerFlags dangers={dangersOfRun(run)} />
        </div>
      </DataCell>
      <DataCell column="Exit" className="lg:w-32 whitespace-nowrap tabular-nums">
        {exitWords(run) ?? <NoValue />}
      </DataCell>
      <DataCell column="Peak memory" className="lg:w-44">
        <MemoryBar label="Peak memory" bytes={run.peakMemoryBytes} limitBytes={run.limits.memoryBytes} />
      </DataCell>
      <DataCell column="Duration" className="lg:w-24">
        <RunDuration run={run} />
      </DataCell>
      <DataCell column="Started" className="lg:w-28">
        <Timestamp at={run.startedAt} />
      </DataCell>
    </tr>
  );
}
