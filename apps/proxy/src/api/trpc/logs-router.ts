import { z } from "zod";
import { followLogs } from "../services/follow-logs.ts";
import { procedure, trpc } from "./procedure.ts";

const serversMax = 50;
const tailLinesMax = 2_000;

/** What servers write, as it is written. */
export const logsRouter = trpc.router({
  /** The last lines of each of these servers, then every new one. */
  follow: procedure
    .input(
      z.object({
        servers: z.array(z.string().max(64)).min(1).max(serversMax),
        tail: z.int().min(0).max(tailLinesMax).default(500),
      }),
    )
    .subscription(async function* follow({ ctx, input, signal }) {
      yield* followLogs(ctx, { ...input, signal: signal ?? new AbortController().signal });
    }),
});
