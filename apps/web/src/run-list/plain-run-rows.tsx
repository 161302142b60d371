"use client";

import { useRef } from "react";
import type { Run } from "../trpc/router-types.ts";
import { DataTable } from "../ui/data-table.tsx";
import { NewRunsBar } from "./new-runs-bar.tsx";
import type { RunColumn } from "./run-columns.tsx";
import { RunRow } from "./run-row.tsx";
import { useAnchoredRuns } from "./use-anchored-runs.ts";

export interface RunRowsProps {
  readonly runs: readonly Run[];
  readonly columns: readonly RunColumn[];
  readonly total: number;
  readonly onNearEnd: () => void;
}

/** How far ahead of the window's end more is asked for. */
const lookAhead = "600px";

/** All loaded rows, for as long as they are few. */
export function PlainRunRows({ runs, columns, total, onNearEnd }: RunRowsProps) {
  const table = useRef<HTMLDivElement>(null);
  const { shown, waiting, showNew } = useAnchoredRuns(runs, table);
  const observeEnd = (element: HTMLDivElement): (() => void) => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) onNearEnd();
      },
      { rootMargin: lookAhead },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
  return (
    <div ref={table}>
      <NewRunsBar waiting={waiting} onShow={showNew} />
      <DataTable label="Runs" columns={columns.map(({ label }) => label)} rowCount={total + 1}>
        <tbody role="rowgroup">
          {shown.map((run, index) => (
            <RunRow key={run.id} rowNumber={index + 2} run={run} columns={columns} />
          ))}
        </tbody>
      </DataTable>
      <div key={shown.length} ref={observeEnd} />
    </div>
  );
}
