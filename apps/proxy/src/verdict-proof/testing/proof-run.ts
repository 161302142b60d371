import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { z } from "zod";

/** What the REST API answers. */
export const successSchema = z.object({ success: z.literal(true), data: z.unknown() });

/** What a proof looks at of a run. */
export const proofRunSchema = z.object({
  id: z.string(),
  server: z.string(),
  state: z.string(),
  verdict: z
    .object({
      kind: z.enum(verdictKinds),
      confidence: z.enum(["certain", "likely", "unknown"]),
      summary: z.string(),
      remedy: z.string().optional(),
      /** As "source: text". */
      evidence: z.array(
        z.object({ source: z.string(), text: z.string() }).transform(({ source, text }) => `${source}: ${text}`),
      ),
    })
    .nullable(),
  containerId: z.string().nullable(),
  containerName: z.string().nullable(),
  limits: z.object({ memoryBytes: z.number().nullable(), network: z.string().nullable() }),
  exitCode: z.number().nullable(),
  signal: z.number().nullable(),
  oomKilled: z.boolean(),
  peakMemoryBytes: z.number().nullable(),
  endedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  callsInFlight: z.array(z.object({ method: z.string(), tool: z.string().optional(), ageMs: z.number() })),
});
export type ProofRun = z.infer<typeof proofRunSchema>;

export const engineSchema = z.object({ state: z.string() });
export const runPageSchema = z.object({ runs: z.array(z.object({ id: z.string() })) });
