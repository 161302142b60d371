import type { EngineSelection } from "@mcpproxy/core/plan/isolation-plan";
import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import type { RunEngine } from "@mcpproxy/core/run/run-record";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import type { ContainerEngine } from "./engine.ts";

/** Which engines a config needs. */
export interface EngineUse {
  /** Of servers that choose none themselves. */
  readonly fallback: EngineSelection;
  /** By server, only those that run in containers. */
  readonly servers: ReadonlyMap<string, EngineSelection>;
}

/** Where a selection leads right now. */
export interface EngineChoice {
  readonly selection: EngineSelection;
  /** Why there, e.g. "DOCKER_HOST is set". */
  readonly reason: string;
  /** Of the engine, or why the selection leads to none; with the names under which this selection found it. */
  readonly status: EngineStatus;
  /** Absent when the selection leads to none. */
  readonly engine: ContainerEngine | undefined;
}

/** The right to use an engine: as long as it is held, the engine stays open. */
export interface EngineLease {
  readonly engine: ContainerEngine;
  /** The engine as the selection found it. */
  readonly place: RunEngine;
  release(): void;
}

export type EngineSetChange =
  /** An engine became available or unavailable. */
  | { readonly kind: "engine-changed"; readonly engine: ContainerEngine; readonly status: EngineStatus }
  /** An engine answered all the time, but its stream of events was away: what happened meanwhile was asked afterwards. */
  | {
      readonly kind: "events-missed";
      readonly status: EngineStatus;
      readonly gap: { readonly from: string; readonly to: string };
    }
  /** Somebody else has started a container of this instance, and nobody here watches it. */
  | { readonly kind: "unwatched-start"; readonly engine: ContainerEngine }
  /** From now on new runs of this selection go elsewhere, or nowhere. */
  | { readonly kind: "choice-changed"; readonly choice: EngineChoice; readonly isFallback: boolean };

/**
 * All engines that servers run on. Selections that lead to the same endpoint share one; one that nobody uses is closed.
 * Looks again by itself where each selection leads: runs stay where they are, new ones go there.
 */
export interface EngineSet {
  /** Takes the selections of a config; resolves when each has been looked up, and asked for a moment. Never rejects. */
  use(wanted: EngineUse): Promise<void>;
  /** Where this selection leads now; unavailable for one that `use` did not name. */
  choice(selection: EngineSelection): EngineChoice;
  /** The choice of servers that choose none themselves. */
  readonly fallback: EngineChoice;
  /** The open engines. */
  list(): readonly ContainerEngine[];
  /** For one run of this server; undefined when the selection leads nowhere. */
  lease(selection: EngineSelection, server: string): EngineLease | undefined;
  /** The engine of an earlier run, asked whether it answers; undefined when it cannot be found any more. */
  leaseFormer(place: RunEngine): Promise<EngineLease | undefined>;
  /** True when a run of this place is on this engine; runs that know no place are on the fallback's. */
  isPlaceOf(engine: ContainerEngine, place: RunEngine | null): boolean;
  onChange(listener: (change: EngineSetChange) => void): void;
  /** Every engine in use and every context, as far as known. */
  contexts(): readonly DockerContextRecord[];
  /** The same, after contexts that nobody uses were asked too. */
  checkContexts(): Promise<readonly DockerContextRecord[]>;
  close(): Promise<void>;
}
