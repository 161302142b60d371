import type { CacheVolume } from "../engine/engine.ts";

/** The cache volume of one server on one engine, as REST, tRPC and the CLI give it. */
export interface CacheRecord extends CacheVolume {
  /** Docker context of the engine. */
  readonly context: string;
  /** A container has it mounted; it cannot be removed. */
  readonly isInUse: boolean;
  /** Its server is no longer in the config. */
  readonly isOrphaned: boolean;
}

export interface CacheList {
  readonly caches: readonly CacheRecord[];
  /** Engines that could not be asked, with the reason. */
  readonly problems: readonly string[];
}

export type CacheSelection =
  | { readonly kind: "servers"; readonly names: readonly string[] }
  | { readonly kind: "orphaned" }
  | { readonly kind: "all" };

export interface PrunedCaches {
  readonly removed: readonly CacheRecord[];
  readonly kept: readonly { readonly cache: CacheRecord; readonly reason: string }[];
  readonly problems: readonly string[];
}

/** The caches of this MCPProxy on all engines. */
export interface CacheDirectory {
  list(): Promise<CacheList>;
  /** Removes the selected caches that no container uses; counts no sizes. Throws AppError not_found for a server that has none. */
  prune(selection: CacheSelection): Promise<PrunedCaches>;
}
