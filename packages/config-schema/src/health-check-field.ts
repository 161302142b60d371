import * as z from "zod";
import { countField, durationField, durationOrOffField } from "./config-fields.ts";

/** How a quiet server is looked after; each key that is left out comes from the next level. */
export interface HealthCheckValues {
  /** A server without calls for this long is pinged; null never. */
  readonly intervalMs?: number | null | undefined;
  /** How long a ping waits for its answer. */
  readonly timeoutMs?: number | undefined;
  /** Unanswered pings in a row after which the server is stopped and started anew. */
  readonly failures?: number | undefined;
}

const healthCheckObject = z.strictObject({
  interval: durationOrOffField
    .optional()
    .describe('A server without calls for this long is pinged, "60s" when left out; "off" never pings.'),
  timeout: durationField.optional().describe('How long a ping waits for an answer, "10s" when left out.'),
  failures: countField({ minimum: 1, maximum: 100 })
    .optional()
    .describe("Unanswered pings in a row after which the server is stopped and started anew, 3 when left out."),
});

export const healthCheckKeys = Object.keys(healthCheckObject.shape);

export const healthCheckField = healthCheckObject
  .transform((raw): HealthCheckValues => ({ intervalMs: raw.interval, timeoutMs: raw.timeout, failures: raw.failures }))
  .describe("Pings of a server that is ready and quiet.");
