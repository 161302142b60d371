"use client";

import { useQuery } from "@tanstack/react-query";
import type { ToolCallStats } from "@mcpproxy/core/run/call-counts";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { Latency } from "../clock/latency.tsx";
import { useTrpc } from "../trpc/trpc-context.ts";
import { DataCell } from "../ui/data-cell.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Section } from "../ui/section.tsx";

const columns = ["Tool", "Calls", "Errors", "Cancelled", "Median", "95 %", "Longest"];
/** Counts are written once in a second while calls come. */
const freshForMs = 5_000;

/** The calls that a run answered, by tool. */
export function RunCalls({ run }: { run: Pick<RunRecord, "id" | "state"> }) {
  const { data } = useQuery({
    ...useTrpc().runs.tools.queryOptions({ id: run.id }),
    refetchInterval: run.state === "ended" ? false : freshForMs,
  });
  if (data === undefined || data.length === 0) return null;
  return (
    <Section title="Calls by tool">
      <DataTable label="Calls by tool" columns={columns}>
        <tbody role="rowgroup">
          {data.map((stats) => (
            <ToolRow key={stats.tool} stats={stats} />
          ))}
        </tbody>
      </DataTable>
    </Section>
  );
}

function ToolRow({ stats }: { stats: ToolCallStats }) {
  return (
    <tr role="row" className="data-row">
      <DataCell column="">
        <code className="wrap-anywhere">{stats.tool}</code>
      </DataCell>
      <DataCell column="Calls">
        <span className="tabular-nums">{stats.calls}</span>
      </DataCell>
      <DataCell column="Errors">
        <span className={`tabular-nums ${stats.errors > 0 ? "font-medium text-bad" : "text-soft"}`}>
          {stats.errors}
        </span>
      </DataCell>
      <DataCell column="Cancelled">
        <span className="text-soft tabular-nums">{stats.cancelled}</span>
      </DataCell>
      <DataCell column="Median">
        <Latency ms={stats.p50Ms} />
      </DataCell>
      <DataCell column="95 %">
        <Latency ms={stats.p95Ms} />
      </DataCell>
      <DataCell column="Longest">
        <Latency ms={stats.maxMs} />
      </DataCell>
    </tr>
  );
}
