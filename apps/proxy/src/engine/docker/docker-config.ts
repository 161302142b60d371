import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const dockerConfigSchema = z.object({
  currentContext: z.string().optional(),
  /** Credential helper of each registry, and of all others. */
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .optional(),
});
export type DockerConfig = z.infer<typeof dockerConfigSchema>;

/** The parts of the docker command's config.json that matter here; a missing or broken file counts as empty, as it does for docker. */
export async function readDockerConfig(dockerConfigDir: string): Promise<DockerConfig> {
  try {
    return dockerConfigSchema.parse(JSON.parse(await readFile(join(dockerConfigDir, "config.json"), "utf8")));
  } catch {
    // Most machines have no such file, and one that docker itself cannot read must not stop local images.
    return {};
  }
}
