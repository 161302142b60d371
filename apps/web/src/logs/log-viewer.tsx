"use client";

import { useMemo, useState } from "react";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import type { LogSnapshot } from "./log-buffer.ts";
import type { LogFeedState } from "./log-feed.ts";
import { filterRows } from "./log-filter.ts";
import { LogRows } from "./log-rows.tsx";
import { logStreamNames, type LogStreamName } from "./log-row.ts";
import { useLogFeed } from "./use-log-feed.ts";

const streamLabels: Readonly<Record<LogStreamName, string>> = {
  stderr: "stderr",
  stdout: "stdout",
  proxy: "MCPProxy",
};

/** The live log of some servers: follows at the end, stands still as soon as somebody reads further up. */
export function LogViewer({ servers }: { servers: readonly string[] }) {
  const { state, clear } = useLogFeed(servers);
  const [text, setText] = useState("");
  const [hidden, setHidden] = useState<ReadonlySet<LogStreamName>>(new Set());
  const [frozen, setFrozen] = useState<LogSnapshot>();
  const shown = frozen ?? state;
  const rows = useMemo(() => filterRows(shown.rows, { text, hidden }), [shown.rows, text, hidden]);
  const follow = (isFollowing: boolean): void => setFrozen(isFollowing ? undefined : state);
  const isFiltered = text.trim() !== "" || hidden.size > 0;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <label className="contents">
          <span className="sr-only">Text in the lines</span>
          <input
            type="search"
            data-shortcut="search"
            className="field w-full placeholder:text-soft sm:w-56"
            placeholder="Text in the lines"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <StreamChoice hidden={hidden} onChange={setHidden} />
        <span className="ml-auto flex items-center gap-2">
          <FeedState state={state} isPaused={frozen !== undefined} />
          <Button
            onClick={() => {
              clear();
              setFrozen(undefined);
            }}
          >
            Clear
          </Button>
        </span>
      </div>
      <div className="relative h-[calc(100vh-17rem)] min-h-80">
        {!state.isLoaded && <Skeleton rows={6} label="Loading the log" />}
        {state.isLoaded && rows.length === 0 && <Nothing isFiltered={isFiltered} />}
        {state.isLoaded && rows.length > 0 && (
          <LogRows
            label={servers.length === 1 ? `Log of ${servers.join("")}` : "Log lines"}
            rows={rows}
            hasServer={servers.length > 1}
            isFollowing={frozen === undefined}
            onFollow={follow}
          />
        )}
        {frozen !== undefined && (
          <div className="absolute inset-x-0 bottom-3 flex justify-center">
            <NewLines count={state.total - frozen.total} onClick={() => follow(true)} />
          </div>
        )}
      </div>
    </div>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState kind="no-match" title="No line matches">
      Lines that do show up here as they come.
    </EmptyState>
  ) : (
    <EmptyState kind="not-applicable" title="Nothing was written to the log yet." />
  );
}

function NewLines({ count, onClick }: { count: number; onClick: () => void }) {
  const words =
    count === 0 ? "Back to the end" : count === 1 ? "1 new line" : `${count.toLocaleString("en")} new lines`;
  return (
    <button
      type="button"
      onClick={onClick}
      className="rounded-full bg-accent px-3 py-1 text-xs font-medium text-canvas shadow-lg tabular-nums"
    >
      {words} ↓
    </button>
  );
}

function FeedState({ state, isPaused }: { state: LogFeedState; isPaused: boolean }) {
  const words =
    state.connection === "lost"
      ? "Connection lost, trying again"
      : isPaused
        ? "Paused"
        : state.connection === "open"
          ? "Following"
          : "Connecting";
  return (
    <span role="status" className={`text-xs ${state.connection === "lost" ? "text-bad" : "text-soft"}`}>
      {words}
    </span>
  );
}

interface StreamChoiceProps {
  readonly hidden: ReadonlySet<LogStreamName>;
  readonly onChange: (hidden: ReadonlySet<LogStreamName>) => void;
}

function StreamChoice({ hidden, onChange }: StreamChoiceProps) {
  const toggle = (stream: LogStreamName): void => {
    const next = new Set(hidden);
    if (!next.delete(stream)) next.add(stream);
    onChange(next);
  };
  return (
    <fieldset className="flex gap-3 text-[13px]">
      <legend className="sr-only">Streams</legend>
      {logStreamNames.map((stream) => (
        <label key={stream} className="flex items-center gap-1.5">
          <input type="checkbox" checked={!hidden.has(stream)} onChange={() => toggle(stream)} />
          {streamLabels[stream]}
        </label>
      ))}
    </fieldset>
  );
}
