import Link from "next/link";
import type { FailureList } from "../trpc/router-types.ts";
import { reviewHref, type ReviewFilter } from "./review-filter.ts";

const tabs = [
  { state: "open", label: "Open" },
  { state: "snoozed", label: "Snoozed" },
  { state: "acknowledged", label: "Acknowledged" },
  { state: "all", label: "All" },
] as const;

/** The states with how many groups each has, and the server that the list is narrowed to. */
export function ReviewTabs({ filter, counts }: { filter: ReviewFilter; counts: FailureList["counts"] | undefined }) {
  const { server } = filter;
  const countOf = (state: ReviewFilter["state"]): number | undefined => {
    if (counts === undefined) return undefined;
    return state === "all" ? counts.open + counts.snoozed + counts.acknowledged : counts[state];
  };
  return (
    <nav aria-label="State of failures" className="mb-2 flex flex-wrap items-center gap-1 text-[13px]">
      {tabs.map(({ state, label }) => (
        <Link
          key={state}
          href={reviewHref({ ...filter, state })}
          aria-current={filter.state === state ? "page" : undefined}
          className="rounded-md px-2 py-1 text-soft hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:font-medium aria-[current]:text-ink"
        >
          {label} <span className="text-soft tabular-nums">{countOf(state)}</span>
        </Link>
      ))}
      {server !== undefined && (
        <span className="ml-2 text-soft">
          of <span className="text-ink">{server}</span>,{" "}
          <Link className="link" href={reviewHref({ state: filter.state })}>
            all servers
          </Link>
        </span>
      )}
    </nav>
  );
}
