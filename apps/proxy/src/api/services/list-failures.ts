import { failureStanding, type FailureState } from "@mcpproxy/core/verdict/failure-state";
import type { VerdictKind } from "@mcpproxy/core/verdict/verdict";
import type { OneOrMore, StoredFailureGroup } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";
import { describeFailures, firstSparklineDay, type FailureGroup } from "./describe-failures.ts";

export interface FailureQuery {
  readonly server?: OneOrMore<string> | undefined;
  readonly verdict?: OneOrMore<VerdictKind> | undefined;
  readonly state?: OneOrMore<FailureState> | undefined;
  readonly assignee?: OneOrMore<string> | undefined;
  readonly limit: number;
}

export interface FailureList {
  /** Open ones first, then the one that failed last. */
  readonly groups: readonly FailureGroup[];
  /** The group of the filter without its state that failed last; null when nothing ever did. */
  readonly newest: Pick<FailureGroup, "server" | "verdict" | "lastSeen" | "lastRunId"> | null;
  /** Groups of the filter without its state. */
  readonly counts: Readonly<Record<FailureState, number>>;
}

const order: Readonly<Record<FailureState, number>> = { open: 0, snoozed: 1, acknowledged: 2 };

/** Groups of runs that failed in the same way. */
export async function listFailures(
  context: Pick<ApiContext, "store" | "servers">,
  query: FailureQuery,
): Promise<FailureList> {
  const nowMs = Date.now();
  const stored = await context.store.failures.list({ sinceDay: firstSparklineDay(nowMs) });
  const matching = stored
    .filter(
      ({ server, verdict, assignee }) =>
        isWanted(query.server, server) && isWanted(query.verdict, verdict) && isWanted(query.assignee, assignee ?? ""),
    )
    .map((group) => ({ group, state: failureStanding({ ...group, nowMs }).state }));
  const counts = { open: 0, acknowledged: 0, snoozed: 0 };
  for (const { state } of matching) counts[state] += 1;
  const shown = matching
    .filter(({ state }) => isWanted(query.state, state))
    .toSorted((one, other) => order[one.state] - order[other.state])
    .slice(0, query.limit);
  const groups = await describeFailures(context, { groups: shown.map(({ group }) => group), nowMs });
  const newest = matching[0]?.group;
  return { groups, newest: newest === undefined ? null : newestOf(newest), counts };
}

function newestOf({ server, verdict, lastSeen, lastRunId }: StoredFailureGroup): FailureList["newest"] {
  return { server, verdict, lastSeen, lastRunId };
}

function isWanted<Value extends string>(wanted: OneOrMore<Value> | undefined, value: Value): boolean {
  if (wanted === undefined) return true;
  const values: readonly string[] = typeof wanted === "string" ? [wanted] : wanted;
  return values.includes(value);
}
