import { z } from "zod";
import type { CacheSelection } from "../caches/cache-record.ts";

/** Which caches to prune: those of some servers, those of servers that are gone, or all. */
export const cacheSelectionSchema: z.ZodType<CacheSelection, CacheSelection> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("servers"), names: z.array(z.string().max(64)).min(1).max(1_000) }),
  z.strictObject({ kind: z.literal("orphaned") }),
  z.strictObject({ kind: z.literal("all") }),
]);
