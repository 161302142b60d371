import type Docker from "dockerode";
import { z } from "zod";

const engineInfoSchema = z.object({
  CgroupVersion: z.string().optional(),
  MemTotal: z.number().optional(),
  MemoryLimit: z.boolean().default(true),
  SwapLimit: z.boolean().default(true),
  CpuCfsQuota: z.boolean().default(true),
  PidsLimit: z.boolean().default(true),
  SecurityOptions: z.array(z.string()).nullish(),
  DefaultRuntime: z.string().default("runc"),
});

/** The part of GET /info (Engine API 1.41) that tells what the engine enforces. */
export type EngineInfo = z.infer<typeof engineInfoSchema>;

export async function readEngineInfo(
  docker: Docker,
  options: { readonly abortSignal?: AbortSignal } = {},
): Promise<EngineInfo> {
  // Its types leave the options out.
  const engine: { info(options: object): Promise<unknown> } = docker;
  return engineInfoSchema.parse(await engine.info(options));
}
