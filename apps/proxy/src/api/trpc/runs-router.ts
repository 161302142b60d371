import { z } from "zod";
import { diffQuerySchema, reviewSchema, runFilterSchema, runQuerySchema, toRunFilter } from "../run-query.ts";
import { runCallStats } from "../services/call-stats.ts";
import { findReviewedRun, findRun } from "../services/find-run.ts";
import { listRunRows } from "../services/list-runs.ts";
import { countRunsOverTime } from "../services/count-runs-over-time.ts";
import { reviewRun } from "../services/review-run.ts";
import { runChanges } from "../services/run-changes.ts";
import { procedure, trpc } from "./procedure.ts";

const runId = z.object({ id: z.uuid() });

/** The history: lists, single runs, and what people say about them. */
export const runsRouter = trpc.router({
  list: procedure.input(runQuerySchema).query(({ ctx, input }) => listRunRows(ctx, toRunFilter(input, Date.now()))),
  /** Counts for the filter's choices; each without its own field. */
  facets: procedure
    .input(runFilterSchema)
    .query(({ ctx, input }) => ctx.store.runs.facets(toRunFilter(input, Date.now()))),
  /** When the runs of a filter began, by verdict. */
  histogram: procedure.input(runFilterSchema).query(({ ctx, input }) => countRunsOverTime(ctx, input)),
  byId: procedure.input(runId).query(({ ctx, input }) => findReviewedRun(ctx, input.id)),
  /** The runs before and after one in the list of this filter. */
  neighbours: procedure
    .input(runId.extend({ filter: runFilterSchema.default({}) }))
    .query(({ ctx, input }) => ctx.store.runs.neighbours(input.id, toRunFilter(input.filter, Date.now()))),
  events: procedure.input(runId).query(({ ctx, input }) => ctx.store.runs.events(input.id)),
  samples: procedure.input(runId).query(({ ctx, input }) => ctx.store.runs.samples(input.id)),
  /** Calls by tool. */
  tools: procedure.input(runId).query(({ ctx, input }) => runCallStats(ctx, input.id)),
  /** What was changed since an earlier run of its server. */
  changes: procedure
    .input(runId.extend(diffQuerySchema.shape))
    .query(async ({ ctx, input: { id, against } }) => runChanges(ctx.store, { run: await findRun(ctx, id), against })),
  review: procedure.input(reviewSchema.extend({ id: z.uuid() })).mutation(({ ctx, input }) => reviewRun(ctx, input)),
});
