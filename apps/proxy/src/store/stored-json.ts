import { z } from "zod";
import type { CallInFlight, IsolationReport, RunTrigger } from "@mcpproxy/core/run/run-record";
import type { PolicyReason, StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import { verdictKinds, type Verdict } from "@mcpproxy/core/verdict/verdict";
import { StoreError } from "./store-error.ts";

const evidenceSources = [
  "event",
  "inspect",
  "memory",
  "intent",
  "stop-step",
  "stderr",
  "engine",
  "handshake",
  "connection",
] as const;
const policyReasons = [
  "shutdown",
  "config_changed",
  "limit_changed",
  "idle",
  "session_closed",
  "recovered",
  "interrupted",
  "cut_off",
  "unhealthy",
  "made_room",
] as const satisfies readonly PolicyReason[];

export const stringListSchema: z.ZodType<readonly string[]> = z.array(z.string());

export const verdictSchema: z.ZodType<Verdict> = z.object({
  kind: z.enum(verdictKinds),
  confidence: z.enum(["certain", "likely", "unknown"]),
  summary: z.string(),
  remedy: z.string().exactOptional(),
  evidence: z.array(z.object({ source: z.enum(evidenceSources), at: z.string().exactOptional(), text: z.string() })),
});

export const callsInFlightSchema: z.ZodType<readonly CallInFlight[]> = z.array(
  z.object({
    method: z.string(),
    tool: z.string().exactOptional(),
    arguments: z.string().exactOptional(),
    sessionId: z.string(),
    ageMs: z.number(),
  }),
);

export const isolationReportSchema: z.ZodType<IsolationReport> = z.object({
  score: z.number(),
  weaknesses: z.array(z.object({ code: z.string(), points: z.number(), message: z.string(), remedy: z.string() })),
  isHostNetwork: z.boolean(),
  isPrivileged: z.boolean(),
});

export const intentReasonSchema: z.ZodType<StopIntent["reason"]> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("user"), note: z.string().exactOptional() }),
  z.object({ kind: z.literal("policy"), policy: z.enum(policyReasons), detail: z.string().exactOptional() }),
]);

export const isolationSchema = z.enum(["docker", "none", "remote"]);
export const triggerSchema: z.ZodType<RunTrigger> = z.enum(["eager", "call", "user", "config", "stdio", "restart"]);

/** Where a stored value stands, for the message when it cannot be read. */
export interface StoredPlace {
  readonly runId: string;
  readonly column: string;
}

/** Checks a stored value; throws a StoreError that names the place. */
export function parseStored<Value>(input: { schema: z.ZodType<Value>; value: unknown; place: StoredPlace }): Value {
  const result = input.schema.safeParse(input.value);
  if (result.success) return result.data;
  throw unreadable(input.place, result.error);
}

/** Parses and checks stored JSON text; throws a StoreError that names the place. */
export function parseStoredJson<Value>(input: { schema: z.ZodType<Value>; text: string; place: StoredPlace }): Value {
  let value: unknown;
  try {
    value = JSON.parse(input.text);
  } catch (cause) {
    throw unreadable(input.place, cause);
  }
  return parseStored({ schema: input.schema, value, place: input.place });
}

function unreadable(place: StoredPlace, cause: unknown): StoreError {
  const message = `The stored ${place.column} of run ${place.runId} cannot be read: the history was changed by something else.`;
  return new StoreError({ code: "stored_data_invalid", message, cause });
}
