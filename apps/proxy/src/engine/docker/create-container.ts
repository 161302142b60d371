import { toCreateOptions } from "@mcpproxy/core/docker/create-options";
import type { IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import type Docker from "dockerode";
import { EngineError, type ContainerLaunch, type WorkloadOutput } from "../engine.ts";
import { attachContainer, type Attachment } from "./attachment.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isUnreachable } from "./docker-error.ts";
import { missingProgramError } from "./missing-program.ts";
import { refuseMovedMounts } from "./moved-mounts.ts";
import type { ProgramProbe } from "./program-probe.ts";
import { ensureCacheVolume, prepareCacheFolder } from "./prepare-cache.ts";

/** Creating takes about 20 ms; a frozen engine must not hold up a stop for ever. */
const createDeadlineMs = 60_000;

export interface CreatedContainer {
  readonly containerId: string;
  readonly attachment: Attachment;
}

/**
 * Creates a container and attaches to it; leaves nothing behind when either fails.
 * @throws EngineError stage "create", or "engine" when the engine was not reached
 */
export async function createContainer(
  { connector, probe }: { readonly connector: DockerConnector; readonly probe: ProgramProbe },
  launch: ContainerLaunch,
  output: WorkloadOutput,
): Promise<CreatedContainer> {
  const abortSignal = AbortSignal.timeout(createDeadlineMs);
  const container = await create(connector, launch, abortSignal);
  try {
    await prepareCacheFolder(container, launch.plan, abortSignal);
    await refuseMissingProgram({ connector, probe }, { containerId: container.id, plan: launch.plan });
    // As late as can be: the engine follows links at the start.
    await refuseMovedMounts(launch.plan.mounts);
    return { containerId: container.id, attachment: await attachContainer(container, output) };
  } catch (error) {
    await container.remove({ force: true, v: true }).catch(() => undefined);
    throw asCreateError(connector, error);
  }
}

async function create(
  connector: DockerConnector,
  launch: ContainerLaunch,
  abortSignal: AbortSignal,
): Promise<Docker.Container> {
  const { plan, identity } = launch;
  const query = { name: identity.name, ...(plan.platform === undefined ? {} : { platform: plan.platform }) };
  // Without _query and _body dockerode repeats the whole body, with its secrets, in the request's URL.
  const request = { name: identity.name, _query: query, _body: toCreateOptions(plan, identity) };
  try {
    const { docker } = await connector.connect();
    await ensureCacheVolume(docker, launch, abortSignal);
    return await docker.createContainer({ ...request, abortSignal });
  } catch (error) {
    throw asCreateError(connector, error);
  }
}

/** The image's lack of a program is told before the start: afterwards it would look like a server that does not answer. */
async function refuseMissingProgram(
  { connector, probe }: { readonly connector: DockerConnector; readonly probe: ProgramProbe },
  { containerId, plan }: { readonly containerId: string; readonly plan: IsolationPlan },
): Promise<void> {
  if (plan.requiredPrograms.length === 0) return;
  const { docker } = await connector.connect();
  const program = await probe.missingProgram(docker, { containerId, programs: plan.requiredPrograms });
  if (program !== undefined) throw missingProgramError({ image: plan.image, program });
}

function asCreateError(connector: DockerConnector, error: unknown): EngineError {
  if (error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError")) {
    const message = `Docker did not create the container within ${createDeadlineMs / 1_000} s.`;
    return new EngineError(
      message,
      { stage: "engine", remedy: "Look at `docker info`; restart Docker." },
      { cause: error },
    );
  }
  if (error instanceof EngineError) return error;
  if (isUnreachable(error)) return connector.unreachable(error);
  return new EngineError(engineMessageOf(error), { stage: "create" }, { cause: error });
}
