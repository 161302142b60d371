import { initTRPC, TRPCError } from "@trpc/server";
import { appErrorCodes } from "../../app-error.ts";
import { toKnownError } from "../known-error.ts";
import type { ApiContext } from "../services/context.ts";

export const trpc = initTRPC.context<ApiContext>().create({
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 15_000 } },
});

/** Turns expected failures into tRPC's own, with their words; everything else stays an internal error. */
export const procedure = trpc.procedure.use(async ({ next }) => {
  const outcome = await next();
  if (outcome.ok) return outcome;
  const known = toKnownError(outcome.error.cause);
  if (known !== undefined)
    throw new TRPCError({ code: appErrorCodes[known.code].trpcCode, message: known.message, cause: known });
  return outcome;
});
