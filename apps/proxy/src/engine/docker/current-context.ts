import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EngineError } from "../engine.ts";

const currentContextSchema = z.object({ currentContext: z.string().optional() });

/**
 * What `docker context use` wrote; undefined where nothing was chosen.
 * @throws EngineError stage "engine" for a file that is there and cannot be read: to guess would be another engine
 */
export async function readCurrentContext(dockerConfigDir: string): Promise<string | undefined> {
  const path = join(dockerConfigDir, "config.json");
  try {
    return currentContextSchema.parse(JSON.parse(await readFile(path, "utf8"))).currentContext || undefined;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR")) {
      return undefined;
    }
    const detail = cause instanceof SyntaxError ? "it is no JSON" : cause instanceof Error ? cause.message : "";
    throw new EngineError(
      `The current Docker context cannot be read from ${path}: ${detail}.`,
      {
        stage: "engine",
        remedy: "Repair the file, or set DOCKER_HOST, DOCKER_CONTEXT, docker_context or docker_host.",
      },
      { cause },
    );
  }
}
