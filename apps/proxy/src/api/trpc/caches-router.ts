import { cacheSelectionSchema } from "../cache-selection.ts";
import { pruneCaches } from "../services/prune-caches.ts";
import { procedure, trpc } from "./procedure.ts";

/** Cache volumes: what they hold, and their removal. */
export const cachesRouter = trpc.router({
  list: procedure.query(({ ctx }) => ctx.caches.list()),
  prune: procedure.input(cacheSelectionSchema).mutation(({ ctx, input }) => pruneCaches(ctx, input)),
});
