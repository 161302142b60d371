import type { RunEngine, RunEvent, RunEventKind, RunRecord, RunSample, RunState } from "@mcpproxy/core/run/run-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { VerdictKind } from "@mcpproxy/core/verdict/verdict";

/** The history. One SQLite database; every method is one transaction. */
export interface Store {
  readonly runs: RunRepository;
  readonly browserSessions: BrowserSessionRepository;
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
  find(runId: string): Promise<RunRecord | undefined>;
  list(query: RunQuery): Promise<RunPage>;
  facets(filter: RunFilter): Promise<RunFacets>;
  /** Throws StoreError run_not_found. */
  neighbours(runId: string, filter: RunFilter): Promise<RunNeighbours>;
  /** The newest ended run of each server. */
  lastEnded(): Promise<ReadonlyMap<string, RunRecord>>;
  /** The engines of runs that are open, or began at this time (RFC 3339) or later. */
  engines(since: string): Promise<readonly RunEngine[]>;
  /** Runs without an end, with their owner: what recovery has to look at. */
  open(): Promise<readonly { readonly run: RunRecord; readonly owner: RunOwner }[]>;
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

/** Browser sessions by the SHA-256 of their secret. */
export interface BrowserSessionRepository {
  add(session: { secretHash: string; createdAt: string; expiresAt: string }): Promise<void>;
  isValid(secretHash: string, now: string): Promise<boolean>;
  remove(secretHash: string): Promise<void>;
}
