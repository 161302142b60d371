import { z } from "zod";
import { runStates } from "@mcpproxy/core/run/run-record";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";

/** How runs are asked for, in tRPC and REST alike. */
export const runQuerySchema = z.object({
  server: z.string().optional(),
  verdict: z.enum(verdictKinds).optional(),
  state: z.enum(runStates).optional(),
  /** RFC 3339, inclusive. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** RFC 3339, exclusive. */
  to: z.iso.datetime({ offset: true }).optional(),
  text: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().optional(),
});
