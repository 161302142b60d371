import Link from "next/link";
import { EmptyState } from "../../../../ui/empty-state.tsx";

export default function ServerNotFoundPage() {
  return (
    <div>
      <h1 className="text-xl font-semibold tracking-tight">There is no server of this name</h1>
      <EmptyState kind="no-match" title="It may have been renamed or taken out of the config file.">
        See{" "}
        <Link className="link" href="/servers">
          all servers
        </Link>
        . Its past runs are still under{" "}
        <Link className="link" href="/runs">
          Runs
        </Link>
        .
      </EmptyState>
    </div>
  );
}
