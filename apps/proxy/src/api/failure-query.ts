import { failureStates } from "@mcpproxy/core/verdict/failure-state";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { z } from "zod";
import { snoozeTimes } from "./services/snooze-failures.ts";

const valuesMax = 100;

function oneOrMore<Value extends z.ZodType>(value: Value) {
  return z.union([value, z.array(value).max(valuesMax).readonly()]).optional();
}

/** Which groups of failures, in tRPC and REST alike. */
export const failureQuerySchema = z.object({
  server: oneOrMore(z.string().max(64)),
  verdict: oneOrMore(z.enum(verdictKinds)),
  state: oneOrMore(z.enum(failureStates)),
  assignee: oneOrMore(z.string().max(100)),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const fingerprintSchema = z.object({ fingerprint: z.string().regex(/^[\da-f]{16}$/, "16 hexadecimal digits") });
export const failureRunsSchema = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });

const noteSchema = z.string().trim().max(2_000);
export const acknowledgementSchema = z.object({ note: noteSchema.optional() });
export const snoozeSchema = z.object({ time: z.enum(snoozeTimes) });
/** An empty name means nobody. */
export const assignmentSchema = z.object({ assignee: z.string().trim().max(100) });
/** An empty note removes it. */
export const failureNoteSchema = z.object({ note: noteSchema });
