import type { CallCounts } from "@mcpproxy/core/run/call-counts";
import type { ConfigSnapshot } from "@mcpproxy/core/run/config-snapshot";
import type { RunEngine, RunEvent, RunEventKind, RunRecord, RunSample, RunState } from "@mcpproxy/core/run/run-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { MemoryUse } from "@mcpproxy/core/verdict/advise-limit";
import type { VerdictKind } from "@mcpproxy/core/verdict/verdict";

/** The history. One SQLite database; every method is one transaction. */
export interface Store {
  readonly runs: RunRepository;
  readonly reviews: ReviewRepository;
  readonly failures: FailureRepository;
  readonly serverHistory: ServerHistoryRepository;
  readonly audit: AuditRepository;
  readonly outages: OutageRepository;
  readonly holds: HoldRepository;
  readonly serverLists: ServerListsRepository;
  readonly retention: Retention;
  readonly browserSessions: BrowserSessionRepository;
  /** Why nothing can be written right now, for people; undefined while all is well. */
  trouble(): { readonly message: string; readonly since: string } | undefined;
  close(): Promise<void>;
}

/** Who watches over an open run: the process that must still live for the run to be watched. */
export interface RunOwner {
  readonly pid: number;
  /** Start time of that process as the kernel gives it, so that a reused pid is not mistaken for it. */
  readonly processStartedAt: string;
}

export interface RunRepository {
  /** Stores a run from the moment it is decided. */
  create(run: RunRecord, owner: RunOwner): Promise<void>;
  /** Overwrites the named fields of a run. */
  update(runId: string, changes: Partial<Omit<RunRecord, "id" | "server">>): Promise<void>;
  /** Stores why we are about to stop a run; awaited before the first signal is sent. */
  recordIntent(runId: string, intent: StopIntent): Promise<void>;
  intents(runId: string): Promise<readonly StopIntent[]>;
  addEvent(event: {
    runId: string;
    at: string;
    kind: RunEventKind;
    message: string;
    durationMs: number | null;
  }): Promise<RunEvent>;
  events(runId: string): Promise<readonly RunEvent[]>;
  addSamples(samples: readonly (RunSample & { runId: string })[]): Promise<void>;
  samples(runId: string): Promise<readonly RunSample[]>;
  /** Stores what runs were started from, once for all of them. */
  addSnapshot(snapshot: ConfigSnapshot): Promise<void>;
  snapshot(hash: string): Promise<ConfigSnapshot | undefined>;
  /** Replaces the counts of a run, tool and hour; written within a second, together with those of other runs. */
  putToolCalls(rows: readonly ToolCallsOfHour[]): Promise<void>;
  /** Of the whole run, the tools with most calls first. */
  toolCalls(runId: string): Promise<readonly CallCounts[]>;
  /** Of all runs of a server in whole hours. */
  serverToolCalls(query: ServerCallsQuery): Promise<readonly CallCounts[]>;
  find(runId: string): Promise<RunRecord | undefined>;
  /** Ids with this beginning, at most so many. */
  idsStartingWith(start: string, limit: number): Promise<readonly string[]>;
  list(query: RunQuery): Promise<RunPage>;
  facets(filter: RunFilter): Promise<RunFacets>;
  histogram(query: RunHistogramQuery): Promise<RunHistogram>;
  /** Throws StoreError run_not_found. */
  neighbours(runId: string, filter: RunFilter): Promise<RunNeighbours>;
  /** The newest ended run of each server. */
  lastEnded(): Promise<ReadonlyMap<string, RunRecord>>;
  /** The engines of runs that are open, or began at this time (RFC 3339) or later. */
  engines(since: string): Promise<readonly RunEngine[]>;
  /** Runs without an end, with their owner: what recovery has to look at. */
  open(): Promise<readonly { readonly run: RunRecord; readonly owner: RunOwner }[]>;
}

/** The calls of one tool that a run answered in one hour. */
export interface ToolCallsOfHour extends CallCounts {
  readonly runId: string;
  readonly server: string;
  /** Hours since 1970. */
  readonly hour: number;
}

export interface ServerCallsQuery {
  readonly server: string;
  /** RFC 3339; from the beginning of its hour. */
  readonly from: string;
  /** RFC 3339; to the end of its hour. Up to now when left out. */
  readonly to?: string | undefined;
}

export type OneOrMore<Value> = Value | readonly Value[];

/** Which runs; fields are joined by "and", several values of one field by "or". */
export interface RunFilter {
  readonly server?: OneOrMore<string> | undefined;
  readonly verdict?: OneOrMore<VerdictKind> | undefined;
  readonly state?: OneOrMore<RunState> | undefined;
  readonly image?: OneOrMore<string> | undefined;
  readonly exitCode?: OneOrMore<number> | undefined;
  /** RFC 3339, inclusive. */
  readonly from?: string | undefined;
  /** RFC 3339, exclusive. */
  readonly to?: string | undefined;
  /** Text in server, image, verdict summary. */
  readonly text?: string | undefined;
}

export interface RunQuery extends RunFilter {
  /** 1 to 500. */
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  /** "row": without stderr tails, which no table shows. "whole" when left out. */
  readonly detail?: "whole" | "row" | undefined;
}

/** How many runs have each value, within the filter without its own field. Most runs first. */
export interface RunFacets {
  /** Runs that the whole filter lets through. */
  readonly total: number;
  readonly server: readonly FacetCount[];
  readonly verdict: readonly FacetCount[];
  readonly state: readonly FacetCount[];
  readonly image: readonly FacetCount[];
  readonly exitCode: readonly FacetCount[];
}

export interface RunHistogramQuery {
  readonly filter: RunFilter;
  /** RFC 3339: where a filter without `to` ends. */
  readonly now: string;
  /** 2 or more. */
  readonly maxBuckets: number;
}

/** Runs by the time they began. */
export interface RunHistogram {
  readonly bucketMs: number;
  /** Oldest first, without gaps; none when there are no runs. */
  readonly buckets: readonly HistogramBucket[];
}

export interface HistogramBucket {
  /** RFC 3339: its beginning, a multiple of `bucketMs` since 1970. */
  readonly at: string;
  /** By verdict; "" stands for runs that have none yet. */
  readonly verdicts: readonly FacetCount[];
}

export interface FacetCount {
  readonly value: string;
  readonly runs: number;
}

/** The runs before and after one in a list, by id; null at its ends. */
export interface RunNeighbours {
  readonly newer: string | null;
  readonly older: string | null;
}

export interface RunPage {
  /** Newest first. */
  readonly runs: readonly RunRecord[];
  readonly nextCursor: string | null;
}

export const reviewStates = ["open", "acknowledged"] as const;

/** A person's judgement on a run. */
export interface RunReview {
  readonly runId: string;
  readonly state: (typeof reviewStates)[number];
  readonly note: string | null;
  readonly actor: string;
  readonly at: string;
}

export interface ReviewRepository {
  /** Replaces the run's review. Throws StoreError run_not_found. */
  put(review: RunReview): Promise<void>;
  /** Reviews by run id; runs that nobody reviewed are missing. */
  of(runIds: readonly string[]): Promise<ReadonlyMap<string, RunReview>>;
}

export const failureDecisions = ["open", "acknowledged", "snoozed"] as const;
export type FailureDecision = (typeof failureDecisions)[number];

/** What people decided about a group of failures; each field of it may stand for itself. */
export interface FailureReview {
  /** Null until somebody decided. */
  readonly decision: FailureDecision | null;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  /** Of "snoozed"; null means until the next run. */
  readonly snoozedUntil: string | null;
  readonly note: string | null;
  /** A person's name, as it was typed. */
  readonly assignee: string | null;
}

/** Runs that failed in the same way. */
export interface StoredFailureGroup extends FailureReview {
  readonly fingerprint: string;
  readonly server: string;
  readonly verdict: VerdictKind;
  readonly exitCode: number | null;
  /** The telling line of stderr without numbers, times and ids; "" when there is none. */
  readonly line: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly lastRunId: string;
  readonly runs: number;
  /** Calls that were in flight when its runs died. */
  readonly callsAffected: number;
  /** Runs that nobody judged yet, by the group or each by itself; 100 stands for more. */
  readonly unreviewedRuns: number;
  /** Runs by UTC day (days since 1970), of the days asked for; days without runs are missing. */
  readonly days: readonly { readonly day: number; readonly runs: number }[];
}

export interface FailureRepository {
  /** The groups that have runs, the one that failed last first, at most 500. */
  list(query: { readonly sinceDay: number }): Promise<readonly StoredFailureGroup[]>;
  find(fingerprint: string, query: { readonly sinceDay: number }): Promise<StoredFailureGroup | undefined>;
  /** Its newest runs, without stderr tails. */
  runs(fingerprint: string, limit: number): Promise<readonly RunRecord[]>;
  /** Those of these runs that there still are, without stderr tails. */
  runsById(ids: readonly string[]): Promise<readonly RunRecord[]>;
  /** Overwrites the named fields. */
  review(fingerprint: string, changes: Partial<FailureReview>): Promise<void>;
  /** How many runs failed since a time (RFC 3339), by verdict. */
  countSince(since: string): Promise<readonly FacetCount[]>;
}

/** A run as a strip of many shows it. */
export interface StripRun {
  readonly id: string;
  readonly verdict: VerdictKind | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number | null;
}

export interface ServerExits {
  readonly exits: number;
  /** Of them killed for memory. */
  readonly memoryKills: number;
  /** Of them failed, for memory or otherwise. */
  readonly failures: number;
}

/** Short questions about the past of servers, each answered from one stretch of an index. */
export interface ServerHistoryRepository {
  /** The newest ended runs of each server, oldest first. */
  strips(query: {
    readonly servers: readonly string[];
    readonly limit: number;
  }): Promise<ReadonlyMap<string, readonly StripRun[]>>;
  /** What the newest ended runs of a server used, of those that ended since. */
  memoryUses(query: {
    readonly server: string;
    readonly since: string;
    readonly limit: number;
  }): Promise<readonly MemoryUse[]>;
  /** From inclusive, to exclusive; RFC 3339. */
  exits(query: { readonly server: string; readonly from: string; readonly to: string }): Promise<ServerExits>;
}

export const auditActions = [
  "start",
  "stop",
  "restart",
  "change-isolation",
  "enable",
  "disable",
  "add-server",
  "call-tool",
  "review",
  "acknowledge-failures",
  "reopen-failures",
  "snooze-failures",
  "assign-failures",
  "note-failures",
  "prune-runs",
  "prune-caches",
] as const;

/** Who did what. */
export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly action: (typeof auditActions)[number];
  readonly server: string | null;
  readonly runId: string | null;
  readonly detail: string | null;
}

export interface AuditQuery {
  readonly server?: string | undefined;
  /** 1 to 500. */
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly before?: number | undefined;
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly nextCursor: number | null;
}

export interface AuditRepository {
  add(entry: Omit<AuditEntry, "id">): Promise<void>;
  list(query: AuditQuery): Promise<AuditPage>;
  /** The entries of one action since a time (RFC 3339), newest first, at most 500. */
  ofAction(query: { readonly action: AuditEntry["action"]; readonly since: string }): Promise<readonly AuditEntry[]>;
}

/** A time in which an engine did not answer. */
export interface EngineOutage {
  readonly id: number;
  readonly context: string;
  readonly endpoint: string;
  readonly reason: string;
  readonly from: string;
  /** Null while it lasts. */
  readonly to: string | null;
}

export interface OutageRepository {
  /** Does nothing when one of this endpoint is open already. */
  begin(outage: Omit<EngineOutage, "id" | "to">): Promise<void>;
  /** Ends what is open for this endpoint. */
  end(place: { readonly endpoint: string; readonly at: string }): Promise<void>;
  /** Newest first, at most this many. */
  list(limit: number): Promise<readonly EngineOutage[]>;
}

export const holdKinds = ["held", "parked"] as const;

/** A server that stays down over a restart of MCPProxy: stopped by a person, or given up after its failures. */
export interface ServerHold {
  readonly server: string;
  readonly kind: (typeof holdKinds)[number];
  /** RFC 3339 */
  readonly at: string;
  readonly actor: string;
  readonly note: string | null;
  /** Of the configuration that it is held with; another one lets it go. */
  readonly configHash: string;
  /** Failures in a row up to now. */
  readonly failures: number;
}

export interface HoldRepository {
  /** Replaces the server's hold. */
  put(hold: ServerHold): Promise<void>;
  /** Does nothing when there is none. */
  remove(server: string): Promise<void>;
  all(): Promise<readonly ServerHold[]>;
}

/** What a server offered when it was last asked. */
export interface StoredServerLists {
  readonly server: string;
  /** RFC 3339 */
  readonly at: string;
  readonly listsJson: string;
}

export interface ServerListsRepository {
  /** Replaces the server's lists. */
  put(lists: StoredServerLists): Promise<void>;
  /** Does nothing when there are none. */
  remove(server: string): Promise<void>;
  all(): Promise<readonly StoredServerLists[]>;
}

/** What may go from the history. Runs that have not ended always stay. */
export interface RetentionPolicy {
  /** RFC 3339: runs that began before. */
  readonly before?: string | undefined;
  /** All but the newest so many. */
  readonly maxRuns?: number | undefined;
}

export interface PruneReport {
  /** Runs that began before this time go; null when nothing does. */
  readonly before: string | null;
  readonly runs: number;
  readonly runsByServer: readonly FacetCount[];
  readonly runsKept: number;
  readonly auditEntries: number;
  readonly outages: number;
  /** What the database file and its log take, before and after. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export interface Retention {
  /** What prune would do; `bytesAfter` is as before. */
  plan(policy: RetentionPolicy): Promise<PruneReport>;
  /** Deletes in small steps, so that everything else goes on; with the signal it stops after the step it is at. */
  prune(policy: RetentionPolicy, signal?: AbortSignal): Promise<PruneReport>;
  /** Thins the samples of ended runs that a crash left as they were; returns how many runs. */
  thinLeftovers(): Promise<number>;
}

/** Browser sessions by the SHA-256 of their secret. */
export interface BrowserSessionRepository {
  add(session: { secretHash: string; createdAt: string; expiresAt: string }): Promise<void>;
  isValid(secretHash: string, now: string): Promise<boolean>;
  remove(secretHash: string): Promise<void>;
}
