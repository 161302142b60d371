import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EngineError } from "../engine.ts";

const contextSchema = z.object({
  Name: z.string(),
  Metadata: z.object({ Description: z.string().optional() }).optional(),
  Endpoints: z.object({
    docker: z.object({ Host: z.string().min(1), SkipTLSVerify: z.boolean().optional() }),
  }),
});

/** A context of the docker command, as its store has it. */
export interface DockerContext {
  readonly name: string;
  readonly description: string;
  readonly host: string;
  readonly skipsTlsVerification: boolean;
  /** Folder with ca.pem, cert.pem and key.pem; need not be there. */
  readonly tlsFolder: string;
}

/**
 * The context of this name.
 * @throws EngineError stage "engine" when there is none or it cannot be read
 */
export async function readDockerContext(dockerConfigDir: string, name: string): Promise<DockerContext> {
  const id = createHash("sha256").update(name).digest("hex");
  const metaFile = metaFileOf(dockerConfigDir, id);
  try {
    return await readContextFile(dockerConfigDir, id);
  } catch (cause) {
    throw new EngineError(
      `The Docker context "${name}" cannot be read from ${metaFile}.`,
      {
        stage: "engine",
        remedy: "See the contexts with `docker context ls` and choose one with `docker context use NAME`.",
      },
      { cause },
    );
  }
}

/** All contexts of the store by name; those that cannot be read are left out, as by `docker context ls`. */
export async function listDockerContexts(dockerConfigDir: string): Promise<readonly DockerContext[]> {
  const ids = await readdir(join(dockerConfigDir, "contexts", "meta")).catch((): string[] => []);
  const read = await Promise.allSettled(ids.map((id) => readContextFile(dockerConfigDir, id)));
  return read
    .flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

async function readContextFile(dockerConfigDir: string, id: string): Promise<DockerContext> {
  const { Name, Metadata, Endpoints } = contextSchema.parse(
    JSON.parse(await readFile(metaFileOf(dockerConfigDir, id), "utf8")),
  );
  return {
    name: Name,
    description: Metadata?.Description ?? "",
    host: Endpoints.docker.Host,
    skipsTlsVerification: Endpoints.docker.SkipTLSVerify ?? false,
    tlsFolder: join(dockerConfigDir, "contexts", "tls", id, "docker"),
  };
}

function metaFileOf(dockerConfigDir: string, id: string): string {
  return join(dockerConfigDir, "contexts", "meta", id, "meta.json");
}
