import { toCreateOptions } from "@mcpproxy/core/docker/create-options";
import type Docker from "dockerode";
import { EngineError, type ContainerLaunch, type WorkloadOutput } from "../engine.ts";
import { attachContainer, type Attachment } from "./attachment.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isUnreachable } from "./docker-error.ts";

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
  connector: DockerConnector,
  launch: ContainerLaunch,
  output: WorkloadOutput,
): Promise<CreatedContainer> {
  const container = await create(connector, launch);
  try {
    return { containerId: container.id, attachment: await attachContainer(container, output) };
  } catch (error) {
    await container.remove({ force: true, v: true }).catch(() => undefined);
    throw asCreateError(connector, error);
  }
}

async function create(connector: DockerConnector, { plan, identity }: ContainerLaunch): Promise<Docker.Container> {
  // Without _query and _body dockerode repeats the whole body, with its secrets, in the request's URL.
  const request = { name: identity.name, _query: { name: identity.name }, _body: toCreateOptions(plan, identity) };
  const abortSignal = AbortSignal.timeout(createDeadlineMs);
  try {
    const { docker } = await connector.connect();
    return await docker.createContainer({ ...request, abortSignal });
  } catch (error) {
    throw asCreateError(connector, error);
  }
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
