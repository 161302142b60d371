import {
  acknowledgementSchema,
  assignmentSchema,
  failureNoteSchema,
  failureQuerySchema,
  failureRunsSchema,
  fingerprintSchema,
  snoozeSchema,
} from "../failure-query.ts";
import { acknowledgeFailures } from "../services/acknowledge-failures.ts";
import { assignFailures } from "../services/assign-failures.ts";
import { findFailure } from "../services/find-failure.ts";
import { listFailureRuns } from "../services/list-failure-runs.ts";
import { listFailures } from "../services/list-failures.ts";
import { noteFailures } from "../services/note-failures.ts";
import { reopenFailures } from "../services/reopen-failures.ts";
import { snoozeFailures } from "../services/snooze-failures.ts";
import { procedure, trpc } from "./procedure.ts";

/** Groups of runs that failed in the same way, and what people decide about them. */
export const failuresRouter = trpc.router({
  list: procedure.input(failureQuerySchema).query(({ ctx, input }) => listFailures(ctx, input)),
  byFingerprint: procedure.input(fingerprintSchema).query(({ ctx, input }) => findFailure(ctx, input.fingerprint)),
  /** Its newest runs. */
  runs: procedure
    .input(fingerprintSchema.extend(failureRunsSchema.shape))
    .query(({ ctx, input }) => listFailureRuns(ctx, input)),
  acknowledge: procedure
    .input(fingerprintSchema.extend(acknowledgementSchema.shape))
    .mutation(({ ctx, input }) => acknowledgeFailures(ctx, input)),
  reopen: procedure.input(fingerprintSchema).mutation(({ ctx, input }) => reopenFailures(ctx, input)),
  snooze: procedure
    .input(fingerprintSchema.extend(snoozeSchema.shape))
    .mutation(({ ctx, input }) => snoozeFailures(ctx, input)),
  assign: procedure
    .input(fingerprintSchema.extend(assignmentSchema.shape))
    .mutation(({ ctx, input }) => assignFailures(ctx, input)),
  note: procedure
    .input(fingerprintSchema.extend(failureNoteSchema.shape))
    .mutation(({ ctx, input }) => noteFailures(ctx, input)),
});
