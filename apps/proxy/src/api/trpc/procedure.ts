import { initTRPC, TRPCError } from "@trpc/server";
import { AppError, appErrorCodes } from "../../app-error.ts";
import type { ApiContext } from "../services/context.ts";
import { StoreError } from "../../store/store-error.ts";

export const trpc = initTRPC.context<ApiContext>().create({
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 15_000 } },
});

/** Turns expected failures into tRPC's own, with their words; everything else stays an internal error. */
export const procedure = trpc.procedure.use(async ({ next }) => {
  const outcome = await next();
  if (outcome.ok) return outcome;
  const { cause } = outcome.error;
  if (cause instanceof AppError)
    throw new TRPCError({ code: appErrorCodes[cause.code].trpcCode, message: cause.message, cause });
  if (cause instanceof StoreError && cause.code === "invalid_cursor") {
    throw new TRPCError({ code: "BAD_REQUEST", message: cause.message, cause });
  }
  return outcome;
});
