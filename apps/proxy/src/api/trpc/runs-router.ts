import { z } from "zod";
import { reviewSchema, runFilterSchema, runQuerySchema } from "../run-query.ts";
import { findReviewedRun } from "../services/find-run.ts";
import { listRunRows } from "../services/list-runs.ts";
import { reviewRun } from "../services/review-run.ts";
import { procedure, trpc } from "./procedure.ts";

const runId = z.object({ id: z.uuid() });

/** The history: lists, single runs, and what people say about them. */
export const runsRouter = trpc.router({
  list: procedure.input(runQuerySchema).query(({ ctx, input }) => listRunRows(ctx, input)),
  /** Counts for the filter's choices; each without its own field. */
  facets: procedure.input(runFilterSchema).query(({ ctx, input }) => ctx.store.runs.facets(input)),
  byId: procedure.input(runId).query(({ ctx, input }) => findReviewedRun(ctx, input.id)),
  /** The runs before and after one in the list of this filter. */
  neighbours: procedure
    .input(runId.extend({ filter: runFilterSchema.default({}) }))
    .query(({ ctx, input }) => ctx.store.runs.neighbours(input.id, input.filter)),
  events: procedure.input(runId).query(({ ctx, input }) => ctx.store.runs.events(input.id)),
  samples: procedure.input(runId).query(({ ctx, input }) => ctx.store.runs.samples(input.id)),
  review: procedure.input(reviewSchema.extend({ id: z.uuid() })).mutation(({ ctx, input }) => reviewRun(ctx, input)),
});
