"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { parametersAsObject } from "../run-list/run-filter.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { FailureCard } from "./failure-card.tsx";
import { LimitSection } from "./limit-section.tsx";
import { NoFailures } from "./no-failures.tsx";
import { failureListInput, parseReviewFilter } from "./review-filter.ts";
import { ReviewTabs } from "./review-tabs.tsx";

/** The inbox: failures by group, then memory limits that should be others. */
export function ReviewView() {
  const filter = parseReviewFilter(parametersAsObject(new URLSearchParams(useSearchParams())));
  const trpc = useTrpc();
  const failures = useQuery(
    trpc.failures.list.queryOptions(failureListInput(filter), { placeholderData: keepPreviousData }),
  );
  const limits = useQuery(trpc.limitAdvice.queryOptions()).data ?? [];
  const advisedServers = limits.flatMap(({ server, advice }) => (advice?.direction === "raise" ? [server] : []));
  return (
    <div className="flex flex-col gap-8">
      <section aria-label="Failures">
        <ReviewTabs filter={filter} counts={failures.data?.counts} />
        {failures.data === undefined && failures.isError && (
          <QueryFailure what="the failures" error={failures.error} onRetry={() => void failures.refetch()} />
        )}
        {failures.data === undefined && !failures.isError && <Skeleton rows={6} label="Loading the failures" />}
        {failures.data?.groups.length === 0 && <NoFailures filter={filter} list={failures.data} />}
        {failures.data !== undefined && failures.data.groups.length > 0 && (
          <ul className="flex flex-col">
            {failures.data.groups.map((group) => (
              <FailureCard
                key={group.fingerprint}
                group={group}
                hasLimitAdvice={advisedServers.includes(group.server)}
              />
            ))}
          </ul>
        )}
      </section>
      <LimitSection cards={limits} />
    </div>
  );
}
