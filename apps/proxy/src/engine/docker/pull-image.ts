import { EngineError } from "../engine.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isUnreachable } from "./docker-error.ts";
import { imageError, withAdvice } from "./image-failure.ts";
import { createPullTracker, parsePullLine } from "./pull-progress.ts";
import { readLines } from "./read-lines.ts";
import { findCredentials, type CredentialSource } from "./registry-credentials.ts";
import type { PullOutcome, PullTask } from "./shared-pulls.ts";

export interface PullRequest extends PullTask {
  readonly connector: DockerConnector;
  readonly credentials: CredentialSource;
}

/**
 * Pulls an image; aborting the signal stops the engine's download.
 * @throws EngineError stage "image", or "engine" when the engine was not reached
 */
export async function pullImage(request: PullRequest): Promise<PullOutcome> {
  const { image, platform, signal } = request;
  const { authconfig, problem } = await findCredentials({ ...request.credentials, image, signal });
  try {
    const { docker } = await request.connector.connect();
    const stream = await docker.pull(image, {
      abortSignal: signal,
      ...(platform === undefined ? {} : { platform }),
      ...(authconfig === undefined ? {} : { authconfig }),
    });
    await follow(stream, request);
    return problem === undefined ? {} : { warning: problem };
  } catch (error) {
    const failure = asPullError(request, error);
    // Without the login that the helper owed, a refusal is no wonder.
    throw problem === undefined ? failure : withAdvice(failure, problem);
  }
}

async function follow(stream: NodeJS.ReadableStream, { image, activity, onProgress }: PullRequest): Promise<void> {
  const tracker = createPullTracker(image);
  for await (const text of readLines(stream)) {
    const line = parsePullLine(text);
    if (line.error !== undefined) throw imageError(image, line.error);
    const change = tracker.add(line);
    if (!tracker.isWaitingForRegistry) activity.note("rests");
    else if (change === "advanced" || activity.idleMs() === 0) activity.note("waits");
    if (change !== "nothing") onProgress(tracker.progress);
  }
}

function asPullError({ connector, image }: PullRequest, error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  return isUnreachable(error) ? connector.unreachable(error) : imageError(image, engineMessageOf(error), error);
}
