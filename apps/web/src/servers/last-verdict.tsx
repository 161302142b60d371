import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import Link from "next/link";
import { Timestamp } from "../clock/timestamp.tsx";
import { StatusBadge } from "../status/status-badge.tsx";
import { verdictStatus } from "../status/status-words.ts";

/** How a server's last run ended, with the way to that run. */
export function LastVerdict({ last }: { last: ServerRecord["lastVerdict"] }) {
  if (last === null) return <span className="text-soft">No run has ended yet</span>;
  return (
    <span className="flex flex-wrap gap-x-2 lg:in-[td]:flex-col">
      <Link href={`/runs/${last.runId}`} className="link" title={last.verdict.summary}>
        <StatusBadge status={verdictStatus(last.verdict)} />
      </Link>
      <span className="text-soft">
        <Timestamp at={last.endedAt} />
      </span>
    </span>
  );
}
