"use client";

import { memo } from "react";
import { Icon } from "../ui/icon.tsx";
import { LogText } from "./log-text.tsx";
import type { LogRow, LogStreamName } from "./log-row.ts";
import { opensOn, openedPx, openedText } from "./opened-text.ts";

export interface LogLineRowProps {
  readonly row: LogRow;
  readonly hasServer: boolean;
  readonly isOpen: boolean;
  readonly onToggle: (id: number) => void;
}

const streamWords: Readonly<Record<LogStreamName, { readonly short: string; readonly className: string }>> = {
  stderr: { short: "err", className: "text-soft" },
  stdout: { short: "out", className: "text-warning" },
  proxy: { short: "mcp", className: "text-accent" },
};

/** One line, of one height; opened it has its whole text below. */
export const LogLineRow = memo(function LogLineRow({ row, hasServer, isOpen, onToggle }: LogLineRowProps) {
  if (row.kind === "gap") {
    return (
      <div className="flex h-5 items-center gap-2 bg-warning-tint px-2 text-warning" data-log-gap>
        <Icon name="triangle" className="size-3" />
        <span className="truncate">{row.message}</span>
      </div>
    );
  }
  const stream = streamWords[row.stream];
  return (
    <>
      <div className="flex h-5 items-center gap-2 px-2 whitespace-pre hover:bg-sunken-strong" data-log-line>
        <OpenButton row={row} isOpen={isOpen} onToggle={onToggle} />
        <time dateTime={row.at} className="hidden shrink-0 text-soft sm:inline">
          {row.at.slice(11, 23)}
        </time>
        {hasServer && <span className="w-20 shrink-0 truncate font-medium sm:w-28">{row.server}</span>}
        <span className={`shrink-0 ${stream.className}`}>{stream.short}</span>
        <span className="min-w-0 truncate">
          <LogText text={row.text} />
        </span>
      </div>
      {isOpen && (
        <pre
          className="overflow-auto bg-surface px-6 py-2 leading-[18px] wrap-anywhere whitespace-pre-wrap"
          style={{ height: openedPx(row.text) }}
        >
          {openedText(row.text)}
        </pre>
      )}
    </>
  );
});

function OpenButton({ row, isOpen, onToggle }: Pick<LogLineRowProps, "isOpen" | "onToggle"> & { row: LogRow }) {
  const where = row.kind === "gap" ? "nowhere" : opensOn(row.text);
  if (where === "nowhere") return <span className="w-4 shrink-0" />;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-label={isOpen ? "Close the line" : "Show the whole line"}
      className={`flex size-4 shrink-0 items-center justify-center text-soft hover:text-ink ${where === "phones" ? "sm:invisible" : ""}`}
      onClick={() => onToggle(row.id)}
    >
      <Icon name="chevron" className={`size-3 ${isOpen ? "" : "-rotate-90"}`} />
    </button>
  );
}
