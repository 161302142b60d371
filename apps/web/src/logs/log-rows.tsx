"use client";

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { LogLineRow } from "./log-line-row.tsx";
import type { LogRow } from "./log-row.ts";
import { openedPx } from "./opened-text.ts";
import { rowWindow } from "./row-window.ts";

export interface LogRowsProps {
  readonly label: string;
  readonly rows: readonly LogRow[];
  readonly hasServer: boolean;
  readonly isFollowing: boolean;
  /** The reader went up, or came back to the end. */
  readonly onFollow: (isFollowing: boolean) => void;
}

/** So near to the end counts as the end. */
const endPx = 4;

/** The lines in view of a list of any length. While it follows, the end is in view whatever comes. */
export function LogRows({ label, rows, hasServer, isFollowing, onFollow }: LogRowsProps) {
  const region = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [scrollTopPx, setScrollTopPx] = useState(0);
  const viewportPx = useHeight(region);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const toggle = useCallback((id: number) => setOpened((known) => toggled(known, id)), []);
  const extras = opened.size === 0 ? [] : extrasOf(rows, opened);
  const sized = { count: rows.length, extras, viewportPx };
  const endTopPx = Math.max(0, rowWindow({ ...sized, scrollTopPx: 0 }).totalPx - viewportPx);
  const view = rowWindow({ ...sized, scrollTopPx: isFollowing ? endTopPx : scrollTopPx });
  // After every paint: lines come, lines are opened, the window gets another height.
  useLayoutEffect(() => {
    const { current } = region;
    if (current === null || !isFollowing) return;
    current.scrollTop = current.scrollHeight;
    lastTop.current = current.scrollTop;
  });
  const readScroll = (element: HTMLDivElement): void => {
    const { scrollTop, clientHeight, scrollHeight } = element;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - endPx;
    if (isAtEnd && !isFollowing) onFollow(true);
    // A list that became shorter moves too, but always to its end.
    if (!isAtEnd && isFollowing && scrollTop < lastTop.current) onFollow(false);
    lastTop.current = scrollTop;
    setScrollTopPx(scrollTop);
  };
  return (
    <div
      ref={region}
      role="region"
      aria-label={label}
      tabIndex={0}
      onScroll={(event) => readScroll(event.currentTarget)}
      onWheel={(event) => {
        if (event.deltaY < 0 && isFollowing && endTopPx > 0) onFollow(false);
      }}
      className="h-full overflow-auto rounded-md bg-sunken font-mono text-xs [overflow-anchor:none]"
    >
      <div style={{ height: view.totalPx, paddingTop: view.beforePx }} className="box-border overflow-hidden">
        {rows.slice(view.first, view.end).map((row) => (
          <LogLineRow key={row.id} row={row} hasServer={hasServer} isOpen={opened.has(row.id)} onToggle={toggle} />
        ))}
      </div>
    </div>
  );
}

function toggled(known: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const next = new Set(known);
  if (!next.delete(id)) next.add(id);
  return next;
}

function extrasOf(rows: readonly LogRow[], opened: ReadonlySet<number>) {
  return rows.flatMap((row, index) =>
    row.kind === "line" && opened.has(row.id) ? [{ index, px: openedPx(row.text) }] : [],
  );
}

function useHeight(element: { readonly current: HTMLElement | null }): number {
  const [heightPx, setHeightPx] = useState(600);
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => setHeightPx(current.clientHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return heightPx;
}
