import { AppError } from "../app-error.ts";
import type { CacheRecord, CacheSelection } from "./cache-record.ts";

/** The caches that a selection means. Throws AppError not_found that names the servers that have one. */
export function selectCaches(caches: readonly CacheRecord[], selection: CacheSelection): readonly CacheRecord[] {
  switch (selection.kind) {
    case "all":
      return caches;
    case "orphaned":
      return caches.filter(({ isOrphaned }) => isOrphaned);
    case "servers":
      return selectServers(caches, selection.names);
    default:
      return selection satisfies never;
  }
}

function selectServers(caches: readonly CacheRecord[], names: readonly string[]): readonly CacheRecord[] {
  const known = new Set(caches.map(({ server }) => server));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return caches.filter(({ server }) => names.includes(server));
  const quoted = unknown.map((name) => `"${name}"`).join(", ");
  throw new AppError(
    "not_found",
    `There is no cache of ${quoted}. Servers with a cache: ${[...known].join(", ") || "none"}.`,
  );
}
