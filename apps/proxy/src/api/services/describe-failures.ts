import { fixForRun } from "@mcpproxy/core/doctor/fix-for-run";
import type { IsolationFix } from "@mcpproxy/core/plan/finding";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { failureStanding, type FailureStanding } from "@mcpproxy/core/verdict/failure-state";
import type { StoredFailureGroup } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";

const dayMs = 86_400_000;
export const sparklineDays = 14;

/** Runs that failed in the same way, where that stands, and what to do about it. */
export type FailureGroup = Omit<StoredFailureGroup, "days" | "decision"> &
  FailureStanding & {
    /** Runs of each of the last 14 UTC days, today's last. */
    readonly sparkline: readonly number[];
    /** One sentence: the verdict of the newest run. */
    readonly summary: string;
    /** What its verdict advises; null where there is nothing to do. */
    readonly remedy: string | null;
    /** The change of the server's isolation that would have prevented it; null when none is known or it was made since. */
    readonly fix: IsolationFix | null;
  };

/** The first UTC day (since 1970) of a sparkline that ends now. */
export function firstSparklineDay(nowMs: number): number {
  return Math.floor(nowMs / dayMs) - sparklineDays + 1;
}

/** Stored groups as people see them now. */
export async function describeFailures(
  { store, servers }: Pick<ApiContext, "store" | "servers">,
  { groups, nowMs }: { readonly groups: readonly StoredFailureGroup[]; readonly nowMs: number },
): Promise<readonly FailureGroup[]> {
  const runs = await store.failures.runsById(groups.map(({ lastRunId }) => lastRunId));
  const byId = new Map(runs.map((run) => [run.id, run]));
  return groups.map(({ days, decision, ...group }) => {
    const run = byId.get(group.lastRunId);
    return {
      ...group,
      ...failureStanding({ ...group, decision, nowMs }),
      sparkline: sparklineOf(days, firstSparklineDay(nowMs)),
      summary: run?.verdict?.summary ?? "",
      remedy: run?.verdict?.remedy ?? null,
      fix: (run && fixFor(servers, run)) ?? null,
    };
  });
}

function sparklineOf(days: StoredFailureGroup["days"], firstDay: number): readonly number[] {
  return Array.from(
    { length: sparklineDays },
    (_, index) => days.find(({ day }) => day === firstDay + index)?.runs ?? 0,
  );
}

/** Once the limit was changed by hand, the change of an old run would take it back. */
function fixFor(servers: ApiContext["servers"], run: RunRecord): IsolationFix | undefined {
  const now = servers.find(run.server)?.limits;
  const isAsItWas = now?.memoryBytes === run.limits.memoryBytes && now.network === run.limits.network;
  return isAsItWas ? fixForRun(run) : undefined;
}
