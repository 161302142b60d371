"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Timestamp } from "../clock/timestamp.tsx";
import { printRunFilter } from "../run-list/run-filter.ts";
import { describeFailure } from "../trpc/describe-failure.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import type { FailureGroup } from "../trpc/router-types.ts";
import { runFilterOf } from "./run-filter-of.ts";

const shownRuns = 10;

/** The newest runs of a group, asked for when somebody opens it. */
export function FailureRuns({ group }: { group: FailureGroup }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="text-[13px]" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-soft hover:text-ink">
        {group.runs === 1 ? "Its run" : "Its newest runs"}
        <span className="sr-only"> of {group.server}</span>
      </summary>
      {isOpen && <RunLines group={group} />}
    </details>
  );
}

function RunLines({ group }: { group: FailureGroup }) {
  const { fingerprint } = group;
  const query = useQuery(useTrpc().failures.runs.queryOptions({ fingerprint, limit: shownRuns }));
  if (query.isError) return <p className="text-xs text-bad">{describeFailure(query.error).message}</p>;
  if (query.data === undefined) return <p className="text-soft">Loading…</p>;
  return (
    <ul className="mt-1 flex flex-col gap-1">
      {query.data.map((run) => (
        <li key={run.id} className="flex flex-wrap gap-x-3">
          <Link className="link font-mono text-xs" href={`/runs/${run.id}`}>
            {run.id.slice(0, 18)}
          </Link>
          <span className="text-soft">{run.endedAt !== null && <Timestamp at={run.endedAt} />}</span>
          <span className="min-w-0 wrap-anywhere">{run.verdict?.summary}</span>
          {run.callsInFlight.length > 0 && (
            <span className="text-soft">
              {run.callsInFlight.length} {run.callsInFlight.length === 1 ? "call" : "calls"} lost
            </span>
          )}
          {run.review?.state === "acknowledged" && <span className="text-soft">acknowledged</span>}
        </li>
      ))}
      {group.runs > shownRuns && (
        <li>
          <Link className="link" href={`/runs${printRunFilter(runFilterOf(group))}`}>
            Runs of {group.server} with this verdict
          </Link>
        </li>
      )}
    </ul>
  );
}
