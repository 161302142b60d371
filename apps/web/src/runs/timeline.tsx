"use client";

import { useQuery } from "@tanstack/react-query";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { Duration } from "../clock/duration.tsx";
import { useTrpc } from "../trpc/trpc-context.ts";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Section } from "../ui/section.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { formatOffset, timelineRows } from "./timeline-rows.ts";

/** What happened in a run, step by step, as times since its start. */
export function Timeline({ run }: { run: RunRecord }) {
  const query = useQuery(useTrpc().runs.events.queryOptions({ id: run.id }));
  return (
    <Section title="Timeline">
      {query.data === undefined && query.isError && (
        <QueryFailure what="the timeline" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data === undefined && !query.isError && <Skeleton rows={5} label="Loading the timeline" />}
      {query.data !== undefined && (
        <ol className="flex flex-col text-[13px]">
          {timelineRows({ events: query.data, startedAt: run.startedAt }).map(({ event, offsetMs }) => (
            <li
              key={event.id}
              className="grid grid-cols-[5.5rem_minmax(0,1fr)_auto] gap-x-3 border-t border-line py-1.5 first:border-t-0"
            >
              <time dateTime={event.at} className="text-soft tabular-nums">
                {formatOffset(offsetMs)}
              </time>
              <span className="min-w-0 wrap-anywhere">
                <span className="font-medium">{event.kind}</span> <span className="text-soft">{event.message}</span>
              </span>
              {event.durationMs === null ? (
                <span />
              ) : (
                <span className="text-soft">
                  took <Duration ms={event.durationMs} />
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
