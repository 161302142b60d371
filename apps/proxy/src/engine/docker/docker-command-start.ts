import { setTimeout as pause } from "node:timers/promises";
import { EngineError, type AdoptRequest, type Workload, type WorkloadEnd } from "../engine.ts";
import { hasImage } from "./docker-command-container.ts";
import { dockerCommandFailure, saysPull, saysPulled } from "./docker-command-failure.ts";
import type { DockerCommandOutput } from "./docker-command-output.ts";
import type { DockerConnector } from "./docker-connector.ts";
import type { FollowedContainer } from "./followed-container.ts";
import { imageTimeout } from "./image-failure.ts";

/** A container comes up within a second; after this long without a sign of it, it is looked for. */
const lookAgainMs = 5_000;

export interface DockerCommandStart {
  readonly request: AdoptRequest;
  readonly connector: DockerConnector;
  readonly client: Workload;
  readonly output: DockerCommandOutput;
  readonly container: FollowedContainer;
  readonly ended: Promise<WorkloadEnd>;
  /** The command runs, but no container of it shows up. */
  onUnseen(): void;
}

/**
 * Starts the docker command and waits until its container runs, be it after a pull.
 * @throws EngineError of the stage that failed: image, create, start or engine
 */
export async function startDockerCommand(start: DockerCommandStart): Promise<void> {
  const { client, output, container, request } = start;
  await startClient(start);
  const waiting = new AbortController();
  const outcome = await Promise.race([
    container.started.then(() => "started" as const),
    output.firstStdout.then(() => "started" as const),
    client.ended.then(() => "ended" as const),
    waitForSigns(start, waiting.signal),
  ]).finally(() => waiting.abort());
  switch (outcome) {
    case "started":
      return output.forget();
    case "unseen":
      start.onUnseen();
      return output.forget();
    case "ended":
      return checkEnd(start, await start.ended);
    case "late":
      await client.signal("SIGKILL");
      throw lateError(request, output.stderr());
    default:
      outcome satisfies never;
  }
}

/** The message of a missing docker is for people already; "create" keeps it from reading like a program of the image. */
async function startClient({ client }: DockerCommandStart): Promise<void> {
  try {
    await client.start();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(message, { stage: "create" }, { cause });
  }
}

/** A container that ran and ended is a matter of its own verdict. */
function checkEnd({ request, output, container }: DockerCommandStart, end: WorkloadEnd): void {
  if (container.hasRun) return;
  throw dockerCommandFailure({ ...end, image: request.command.image, stderr: output.stderr() });
}

/** Tells when it is useless to wait on: nothing is pulled and no container is there, or the time for a pull is over. */
async function waitForSigns(start: DockerCommandStart, signal: AbortSignal): Promise<"unseen" | "late" | "ended"> {
  const endMs = performance.now() + start.request.pullTimeoutMs;
  let wasPulling = false;
  while (await isOver(Math.min(lookAgainMs, start.request.pullTimeoutMs), signal)) {
    if (performance.now() >= endMs) return "late";
    const sign = await lookForSign(start);
    if (sign === "none") return "unseen";
    if (sign === "pull" && !wasPulling) start.request.onPullStarted();
    wasPulling ||= sign === "pull";
  }
  return "ended";
}

async function lookForSign({ request, connector, output, container }: DockerCommandStart) {
  try {
    if ((await container.look()) !== undefined) return "container";
    const isQuiet = request.command.flags.some(({ flag }) => flag === "--quiet");
    const stderr = output.stderr();
    const isPulling = isQuiet
      ? !(await hasImage((await connector.connect()).docker, request.command.image))
      : saysPull(stderr) && !saysPulled(stderr);
    return isPulling ? "pull" : "none";
  } catch {
    // The engine is away and comes back, or the docker command ends without it.
    return "unknown";
  }
}

function lateError({ command, pullTimeoutMs }: AdoptRequest, stderr: string): EngineError {
  if (saysPull(stderr)) return imageTimeout(command.image, pullTimeoutMs);
  const message = `The docker command did not start its container within ${pullTimeoutMs / 1_000} s.`;
  return new EngineError(message, { stage: "create" });
}

/** False when the signal came first. */
async function isOver(durationMs: number, signal: AbortSignal): Promise<boolean> {
  return pause(durationMs, true, { signal }).catch(() => false);
}
