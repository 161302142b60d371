import type { RunRecord } from "@mcpproxy/core/run/run-record";
import Link from "next/link";
import { DangerFlags } from "../isolation/danger-flags.tsx";
import { dangersOfRun } from "../isolation/danger-words.ts";
import { statusOfRun } from "../runs/run-status.ts";
import { StatusBadge } from "../status/status-badge.tsx";

/** What a run does, or how it ended and why; opens it. */
export function RunStatusCell({ run }: { run: RunRecord }) {
  return (
    <>
      <Link href={`/runs/${run.id}`} className="link">
        <StatusBadge status={statusOfRun(run)} />
      </Link>
      {run.verdict !== null && <p className="text-soft wrap-anywhere">{run.verdict.summary}</p>}
    </>
  );
}

/** Whose run it is, with what is dangerous about it. */
export function RunServerCell({ run }: { run: RunRecord }) {
  return (
    <>
      <Link href={`/servers/${encodeURIComponent(run.server)}`} className="link wrap-anywhere">
        {run.server}
      </Link>
      <div>
        <DangerFlags dangers={dangersOfRun(run)} />
      </div>
    </>
  );
}
