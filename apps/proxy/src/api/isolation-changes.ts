import { z } from "zod";
import type { IsolationChange } from "../config/server-edit.ts";

const scalar = z.union([z.string().max(4_096), z.number(), z.boolean()]);
const value = z.union([scalar, z.array(scalar).max(100), z.record(z.string().max(100), scalar)]);
const key = z.string().regex(/^[a-z_]{1,40}$/, { error: "is not a key of isolation." });

/** Changes of a server's isolation as tRPC takes them. */
export const isolationChangesSchema: z.ZodType<readonly IsolationChange[], readonly IsolationChange[]> = z
  .array(
    z.discriminatedUnion("operation", [
      z.object({ operation: z.literal("set"), key, value }),
      z.object({ operation: z.literal("append"), key, value: scalar }),
      z.object({ operation: z.literal("remove"), key }),
    ]),
  )
  .min(1)
  .max(50);

/** The body of PATCH: keys of isolation with their new values; null removes a key. */
export const isolationPatchSchema = z.record(key, value.nullable());

/** A PATCH as changes. */
export function toChanges(patch: z.output<typeof isolationPatchSchema>): readonly IsolationChange[] {
  return Object.entries(patch).map(([name, next]): IsolationChange =>
    next === null ? { operation: "remove", key: name } : { operation: "set", key: name, value: next },
  );
}
