import Link from "next/link";
import { EmptyState } from "../ui/empty-state.tsx";
import { printRunFilter, type RunFilter } from "./run-filter.ts";

/** An empty list of runs: nothing has run yet, or nothing matches. */
export function NoRuns({ filter }: { filter: RunFilter }) {
  const { server, ...others } = filter;
  if (printRunFilter(others) !== "") {
    return (
      <EmptyState kind="no-match" title="No run matches these filters">
        <Link className="link" href="/runs">
          Clear the filters
        </Link>{" "}
        to see all runs.
      </EmptyState>
    );
  }
  if (server !== undefined) {
    return (
      <EmptyState kind="nothing-yet" title={`${server.join(", ")} has not run yet`}>
        Each of its runs is listed here, with why it ended.
      </EmptyState>
    );
  }
  return (
    <EmptyState kind="nothing-yet" title="Nothing has run yet">
      Start a server on the{" "}
      <Link className="link" href="/servers">
        Servers
      </Link>{" "}
      page, or connect a client to <code>/mcp/NAME</code> of the proxy. Each container run is listed here, with why it
      ended.
    </EmptyState>
  );
}
