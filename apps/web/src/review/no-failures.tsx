import Link from "next/link";
import { Timestamp } from "../clock/timestamp.tsx";
import type { FailureList } from "../trpc/router-types.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Icon } from "../ui/icon.tsx";
import { reviewHref, type ReviewFilter } from "./review-filter.ts";

/** An empty inbox: nothing ever failed, nothing is open, or nothing is in the chosen state. */
export function NoFailures({ filter, list }: { filter: ReviewFilter; list: FailureList }) {
  const { newest } = list;
  if (newest === null) {
    return (
      <EmptyState
        kind="nothing-yet"
        title={filter.server === undefined ? "No server has failed yet" : `${filter.server} has not failed yet`}
      >
        Runs that fail are grouped here by what they have in common, with what to do about it.
      </EmptyState>
    );
  }
  if (filter.state === "open") {
    return (
      <p className="flex items-start gap-2 border-t border-line py-3 text-sm">
        <Icon name="check" className="mt-0.5 text-good" />
        <span>
          Nothing is open. The last failure was{" "}
          <Link className="link" href={`/runs/${newest.lastRunId}`}>
            {newest.server}
          </Link>
          , <Timestamp at={newest.lastSeen} />.
        </span>
      </p>
    );
  }
  return (
    <EmptyState kind="no-match" title={`No failure is ${filter.state}`}>
      <Link className="link" href={reviewHref({ ...filter, state: "all" })}>
        Show all
      </Link>
    </EmptyState>
  );
}
