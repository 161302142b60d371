import { z } from "zod";
import { runStates } from "@mcpproxy/core/run/run-record";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { diffTargets } from "./services/run-changes.ts";

const valuesMax = 100;
const timeSchema = z.iso.datetime({ offset: true });

/** One value, or several of which a run must have one. */
function oneOrMore<Value extends z.ZodType>(value: Value) {
  return z.union([value, z.array(value).max(valuesMax).readonly()]).optional();
}

/** Which runs, in tRPC and REST alike. */
export const runFilterSchema = z.object({
  server: oneOrMore(z.string().max(64)),
  verdict: oneOrMore(z.enum(verdictKinds)),
  state: oneOrMore(z.enum(runStates)),
  image: oneOrMore(z.string().max(500)),
  exitCode: oneOrMore(z.coerce.number().int()),
  /** RFC 3339, inclusive. */
  from: timeSchema.optional(),
  /** RFC 3339, exclusive. */
  to: timeSchema.optional(),
  /** The time up to now, instead of `from` and `to`: "30m", "24h", "7d". */
  last: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhd]$/, 'a number of minutes, hours or days up to now, such as "24h"')
    .optional(),
  text: z.string().max(200).optional(),
});

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The filter as the history takes it: `last` as the time from which runs count. */
export function toRunFilter<Asked extends z.infer<typeof runFilterSchema>>(
  asked: Asked,
  nowMs: number,
): Omit<Asked, "last"> {
  const { last, ...filter } = asked;
  if (last === undefined) return filter;
  const unit = last.endsWith("m") ? "m" : last.endsWith("h") ? "h" : "d";
  const from = new Date(nowMs - Number.parseInt(last, 10) * unitMs[unit]).toISOString();
  return { ...filter, from, to: undefined };
}

/** How runs are asked for, page by page. */
export const runQuerySchema = runFilterSchema.extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().optional(),
});

/** What a run is compared with. */
export const diffQuerySchema = z.object({ against: z.enum(diffTargets).default("previous") });

/** Which hours of a server's calls are summed; the last day when left out. */
export const callStatsQuerySchema = z.object({ from: timeSchema.optional(), to: timeSchema.optional() });

/** The judgement on a run as a person gives it. */
export const reviewSchema = z.object({
  state: z.enum(["open", "acknowledged"]),
  note: z.string().trim().max(2_000).optional(),
});

export const auditQuerySchema = z.object({
  server: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** The `nextCursor` of the page before. */
  cursor: z.coerce.number().int().optional(),
});
