import * as z from "zod";
import { ageField, countField } from "./config-fields.ts";

const dayMs = 24 * 60 * 60 * 1_000;

/** How much of the history stays; runs that have not ended always do. */
export interface HistoryValues {
  readonly maxAgeMs: number;
  readonly maxRuns: number;
  /** Of calls that are in flight when a run ends. */
  readonly recordsArguments: boolean;
}

const historyObject = z.strictObject({
  max_age: ageField.optional().describe('Older runs are deleted, for example "30d"; "90d" when left out.'),
  max_runs: countField({ minimum: 1, maximum: 100_000_000 })
    .optional()
    .describe("All but the newest so many runs are deleted; 100000 when left out."),
  record_arguments: z
    .boolean()
    .optional()
    .describe(
      "Whether the arguments of calls in flight at the end of a run are kept: the first 2,000 characters, without known secrets; false when left out.",
    ),
});

export const historyKeys = Object.keys(historyObject.shape);

export const historyField = historyObject
  .transform((raw): HistoryValues => ({
    maxAgeMs: raw.max_age ?? 90 * dayMs,
    maxRuns: raw.max_runs ?? 100_000,
    recordsArguments: raw.record_arguments ?? false,
  }))
  .describe("What the history of runs keeps, and for how long.");
