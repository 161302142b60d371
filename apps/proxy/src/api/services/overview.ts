import type { ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import type { FailureState } from "@mcpproxy/core/verdict/failure-state";
import type { FacetCount, StripRun } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";
import type { FailureGroup } from "./describe-failures.ts";
import { listFailures, type FailureList } from "./list-failures.ts";

const dayMs = 86_400_000;
const stripRuns = 40;
const openGroupsShown = 5;
const troubledStates: readonly ServerState[] = ["crash_looping", "parked", "engine_unavailable", "refused"];

/** What a person should know first. */
export interface Overview {
  /** The open groups of failures that happened last, at most 5. */
  readonly openFailures: readonly FailureGroup[];
  readonly failureCounts: Readonly<Record<FailureState, number>>;
  /** Servers that do not run although they should. */
  readonly troubledServers: readonly Pick<ServerRecord, "name" | "state" | "problem" | "lastVerdict">[];
  /** Runs that failed in the last 24 hours, by verdict. */
  readonly failedToday: readonly FacetCount[];
  readonly lastFailure: FailureList["newest"];
  readonly servers: readonly ServerStrip[];
  readonly headroom: Headroom;
}

export interface ServerStrip extends Pick<ServerRecord, "name" | "state" | "enabled" | "lastVerdict"> {
  /** The newest ended runs, oldest first, at most 40. */
  readonly runs: readonly StripRun[];
  /** The newest run that lives. */
  readonly liveRunId: string | null;
}

/** The memory limits of running containers against what the machine of the engine has. */
export interface Headroom {
  /** Null while the engine cannot be asked. */
  readonly hostBytes: number | null;
  readonly limitsBytes: number;
  readonly usedBytes: number;
  readonly containers: number;
  /** Of them without a limit. */
  readonly unlimited: number;
}

/** What needs attention, how servers fared, and how much room the host has. */
export async function overview(context: ApiContext): Promise<Overview> {
  const servers = context.servers.list();
  const { groups, counts, newest } = await listFailures(context, { state: "open", limit: openGroupsShown });
  const since = new Date(Date.now() - dayMs).toISOString();
  const strips = await context.store.serverHistory.strips({
    servers: servers.map(({ name }) => name),
    limit: stripRuns,
  });
  return {
    openFailures: groups,
    failureCounts: counts,
    troubledServers: servers
      .filter(({ enabled, state }) => enabled && troubledStates.includes(state))
      .map(({ name, state, problem, lastVerdict }) => ({ name, state, problem, lastVerdict })),
    failedToday: await context.store.failures.countSince(since),
    lastFailure: newest,
    servers: servers.map(({ name, state, enabled, lastVerdict, run }) => ({
      name,
      state,
      enabled,
      lastVerdict,
      runs: strips.get(name) ?? [],
      liveRunId: run?.id ?? null,
    })),
    headroom: headroomOf(context, servers),
  };
}

function headroomOf(context: Pick<ApiContext, "status">, servers: readonly ServerRecord[]): Headroom {
  const { engine, contexts } = context.status();
  // Containers on another engine's machine take nothing of this one.
  const elsewhere = contexts.filter(({ isDefault }) => !isDefault).flatMap((other) => other.servers);
  const running = servers.filter(
    ({ name, isolation, run }) => isolation === "docker" && run !== null && !elsewhere.includes(name),
  );
  const sum = (read: (server: ServerRecord) => number): number =>
    running.reduce((total, server) => total + read(server), 0);
  return {
    hostBytes: engine.memoryBytes,
    // Runs of one server have the same limit.
    limitsBytes: sum(({ limits, runs }) => (limits.memoryBytes ?? 0) * Math.max(1, runs)),
    usedBytes: sum(({ run }) => run?.memoryBytes ?? 0),
    containers: sum(({ runs }) => Math.max(1, runs)),
    unlimited: sum(({ limits, runs }) => (limits.memoryBytes === null ? Math.max(1, runs) : 0)),
  };
}
