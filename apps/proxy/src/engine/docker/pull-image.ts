import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { EngineError } from "../engine.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isUnreachable } from "./docker-error.ts";
import { imageError } from "./image-failure.ts";
import { createPullProgress, parsePullLine } from "./pull-progress.ts";
import { readLines } from "./read-lines.ts";
import { findCredentials } from "./registry-credentials.ts";

export interface PullRequest {
  readonly connector: DockerConnector;
  readonly dockerConfigDir: string;
  /** With tag or digest. */
  readonly image: string;
  readonly signal: AbortSignal;
  onProgress(progress: PullProgress): void;
}

/**
 * Pulls an image; aborting the signal stops the engine's download.
 * @throws EngineError stage "image", or "engine" when the engine was not reached
 */
export async function pullImage(request: PullRequest): Promise<void> {
  try {
    const { docker } = await request.connector.connect();
    const authconfig = await findCredentials(request.dockerConfigDir, request.image);
    const stream = await docker.pull(request.image, {
      abortSignal: request.signal,
      ...(authconfig ? { authconfig } : {}),
    });
    const track = createPullProgress(request.image);
    for await (const text of readLines(stream)) {
      const line = parsePullLine(text);
      if (line.error !== undefined) throw imageError(request.image, line.error);
      const progress = track(line);
      if (progress) request.onProgress(progress);
    }
  } catch (error) {
    throw asPullError(request, error);
  }
}

function asPullError({ connector, image }: PullRequest, error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  return isUnreachable(error) ? connector.unreachable(error) : imageError(image, engineMessageOf(error), error);
}
