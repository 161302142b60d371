import Link from "next/link";
import { EmptyState } from "../../../../ui/empty-state.tsx";

export default function RunNotFoundPage() {
  return (
    <div>
      <h1 className="text-xl font-semibold tracking-tight">There is no run with this id</h1>
      <EmptyState kind="no-match" title="It may belong to another data directory, or the link is cut off.">
        See{" "}
        <Link className="link" href="/runs">
          all runs
        </Link>
        .
      </EmptyState>
    </div>
  );
}
