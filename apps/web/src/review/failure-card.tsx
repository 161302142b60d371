import Link from "next/link";
import type { ReactNode } from "react";
import { Timestamp } from "../clock/timestamp.tsx";
import { printRunFilter } from "../run-list/run-filter.ts";
import { StatusBadge } from "../status/status-badge.tsx";
import { verdictStatus } from "../status/status-words.ts";
import type { FailureGroup } from "../trpc/router-types.ts";
import { FailureActions } from "./failure-actions.tsx";
import { FailureRuns } from "./failure-runs.tsx";
import { FailureStanding } from "./failure-standing.tsx";
import { FailureSuggestion } from "./failure-suggestion.tsx";
import { runFilterOf } from "./run-filter-of.ts";
import { Sparkline } from "./sparkline.tsx";

/** Runs that failed in the same way: what, how often, since when, what to do, and what people say about it. */
export function FailureCard({ group, hasLimitAdvice }: { group: FailureGroup; hasLimitAdvice: boolean }) {
  return (
    <li
      id={`failure-${group.fingerprint}`}
      className="flex flex-col gap-2 border-t border-line py-3 target:bg-sunken target:shadow-[0_0_0_8px_var(--color-sunken)]"
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          <h2 className="flex flex-wrap items-center gap-x-3 text-[13px]">
            <Link
              data-row-link
              className="link text-sm font-medium wrap-anywhere"
              href={`/runs${printRunFilter(runFilterOf(group))}`}
            >
              {group.server}
            </Link>
            <StatusBadge status={verdictStatus({ kind: group.verdict })} />
          </h2>
          <p className="text-sm wrap-anywhere">{group.summary}</p>
          {group.line !== "" && (
            <code
              className="mt-0.5 block text-xs text-soft wrap-anywhere"
              title="The telling line of stderr, without what differs each time"
            >
              {group.line}
            </code>
          )}
        </div>
        <Sparkline counts={group.sparkline} />
      </div>
      <Facts group={group} />
      <FailureSuggestion group={group} hasLimitAdvice={hasLimitAdvice} />
      <FailureStanding group={group} />
      <FailureActions group={group} />
      <FailureRuns group={group} />
    </li>
  );
}

function Facts({ group }: { group: FailureGroup }) {
  const { runs, unreviewedRuns, callsAffected, exitCode } = group;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-[13px]">
      <Pair name="Runs">
        {runs.toLocaleString("en")}
        {unreviewedRuns > 0 &&
          unreviewedRuns < runs &&
          `, ${unreviewedRuns >= 100 ? "100 or more" : unreviewedRuns} new`}
      </Pair>
      <Pair name="First">
        <Timestamp at={group.firstSeen} />
      </Pair>
      <Pair name="Last">
        <Timestamp at={group.lastSeen} />
      </Pair>
      {exitCode !== null && <Pair name="Exit">{exitCode}</Pair>}
      <Pair name="Calls lost">{callsAffected.toLocaleString("en")}</Pair>
    </dl>
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
