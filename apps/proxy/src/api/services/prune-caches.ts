import type { CacheSelection, PrunedCaches } from "../../caches/cache-record.ts";
import { audit } from "./audit.ts";
import type { ApiContext } from "./context.ts";

/** Removes cache volumes; those that a container has mounted are kept and named. */
export async function pruneCaches(context: ApiContext, selection: CacheSelection): Promise<PrunedCaches> {
  const pruned = await context.caches.prune(selection);
  const detail = selection.kind === "servers" ? selection.names.join(", ") : selection.kind;
  await audit(context, { action: "prune-caches", detail });
  return pruned;
}
