import * as z from "zod";
import { countField, durationField } from "./config-fields.ts";

/** What happens after a run that ended by itself; each key that is left out comes from the next level. */
export interface RestartValues {
  readonly policy?: "on-failure" | "always" | "never" | undefined;
  /** Failures in a row after which nobody tries any more. */
  readonly maxAttempts?: number | undefined;
  readonly backoffInitialMs?: number | undefined;
  readonly backoffMaxMs?: number | undefined;
  /** A run that lived this long ends the row of failures. */
  readonly stableAfterMs?: number | undefined;
}

const restartObject = z.strictObject({
  policy: z
    .enum(["on-failure", "always", "never"])
    .optional()
    .describe("always: also after exit code 0. never: the next call starts it."),
  max_attempts: countField({ minimum: 1, maximum: 1_000 })
    .optional()
    .describe("Failures in a row after which the server waits for a person or a changed config."),
  backoff_initial: durationField.optional().describe("The longest wait before the first new try; doubles with each."),
  backoff_max: durationField.optional().describe("The longest wait of all."),
  stable_after: durationField.optional().describe("A run that lives this long ends the row of failures."),
});

export const restartKeys = Object.keys(restartObject.shape);

export const restartField = restartObject
  .superRefine(({ backoff_initial: initialMs, backoff_max: maxMs }, context) => {
    if (initialMs === undefined || maxMs === undefined || initialMs <= maxMs) return;
    context.addIssue({
      code: "custom",
      path: ["backoff_max"],
      message: "is shorter than backoff_initial.",
      params: { remedy: "Give backoff_max the longer duration." },
    });
  })
  .transform((raw): RestartValues => ({
    policy: raw.policy,
    maxAttempts: raw.max_attempts,
    backoffInitialMs: raw.backoff_initial,
    backoffMaxMs: raw.backoff_max,
    stableAfterMs: raw.stable_after,
  }))
  .describe("What happens after a run that ended by itself.");
