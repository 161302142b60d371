"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { DataTable } from "../ui/data-table.tsx";
import { NewRunsBar } from "./new-runs-bar.tsx";
import type { RunRowsProps } from "./plain-run-rows.tsx";
import { RunRow } from "./run-row.tsx";
import { useAnchoredRuns } from "./use-anchored-runs.ts";

/** How high a row is before it is measured. */
const estimatedRowPx = 58;
const overscanRows = 12;

/** The rows in view of a list of any length. */
export function VirtualRunRows({ runs, columns, total, onNearEnd }: RunRowsProps) {
  const table = useRef<HTMLDivElement>(null);
  const { shown, waiting, showNew } = useAnchoredRuns(runs, table);
  const offsetPx = useOffsetTop(table);
  // oxlint-disable-next-line react/incompatible-library -- it tells of changes by rendering again itself
  const virtualizer = useWindowVirtualizer({
    count: shown.length,
    estimateSize: () => estimatedRowPx,
    overscan: overscanRows,
    scrollMargin: offsetPx,
    getItemKey: (index) => shown[index]?.id ?? index,
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastIndex >= shown.length - overscanRows) onNearEnd();
  }, [lastIndex, shown.length, onNearEnd]);
  const beforePx = (items[0]?.start ?? offsetPx) - offsetPx;
  const afterPx = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? offsetPx) - offsetPx);
  return (
    <div ref={table}>
      <NewRunsBar waiting={waiting} onShow={showNew} />
      <DataTable label="Runs" columns={columns.map(({ label }) => label)} rowCount={total + 1}>
        <tbody role="rowgroup">
          <Spacer heightPx={beforePx} />
          {items.map(({ index, key }) => {
            const run = shown[index];
            return run === undefined ? null : (
              <RunRow
                key={key}
                ref={virtualizer.measureElement}
                index={index}
                rowNumber={index + 2}
                run={run}
                columns={columns}
              />
            );
          })}
          <Spacer heightPx={afterPx} />
        </tbody>
      </DataTable>
    </div>
  );
}

/** Stands for the rows that are not in the page. */
function Spacer({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null;
  return <tr aria-hidden style={{ height: heightPx }} />;
}

/** How far below the top of the document an element begins; follows what appears above it. */
function useOffsetTop(element: { readonly current: HTMLElement | null }): number {
  return useSyncExternalStore(
    subscribeToLayout,
    () => {
      const { current } = element;
      return current === null ? 0 : Math.round(current.getBoundingClientRect().top + window.scrollY);
    },
    () => 0,
  );
}

function subscribeToLayout(listener: () => void): () => void {
  const observer = new ResizeObserver(listener);
  observer.observe(document.body);
  return () => observer.disconnect();
}
