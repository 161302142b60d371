import { signalName } from "@mcpproxy/core/verdict/signals";
import { endsWithin } from "../../waiting/deadline.ts";
import type { Workload, WorkloadEnd } from "../engine.ts";
import { gatherContainerEnd } from "./container-end.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { isUnreachable } from "./docker-error.ts";
import type { FollowedContainer } from "./followed-container.ts";
import type { ContainerState } from "./inspect-outcome.ts";

/** The docker command ends within 50 ms of its container, and a container whose stdin closed within 40 ms. */
const otherSideGraceMs = 2_000;
const abandonedStopSeconds = 2;

export interface DockerCommandEnding {
  readonly connector: DockerConnector;
  readonly client: Workload;
  readonly container: FollowedContainer;
  whenBack(): Promise<boolean>;
  /** True once no container of the command is expected on this engine. */
  isUnseen(): boolean;
  /** The docker command has ended, and the engine does not tell how its container is. */
  onEngineAway(): void;
  /** We killed the docker command ourselves. */
  isClientKilled(): boolean;
  killClient(): Promise<void>;
}

/** Waits for the end of the docker command and of its container, whichever is first, and gathers the facts of both. */
export async function endDockerCommand(ending: DockerCommandEnding): Promise<WorkloadEnd> {
  const { client, container } = ending;
  await Promise.race([client.ended, container.died]);
  if (!(await endsWithin(client.ended, otherSideGraceMs))) await ending.killClient();
  const clientEnd = await client.ended;
  const before = [...container.log.events];
  const state = ending.isUnseen() ? undefined : await lookPatiently(ending);
  await container.described();
  if (state === undefined) return ending.isUnseen() ? clientEnd : { ...clientEnd, containerState: "gone" };
  const wasLeft = state.state === "running" && !(await endsWithin(container.died, otherSideGraceMs));
  if (wasLeft) await stopContainer(ending);
  const end = await gatherContainerEnd({
    log: container.log,
    attachment: { outputEnd: () => Promise.resolve() },
    inspect: async () => (await lookPatiently(ending)) ?? state,
    nextEvent: () => container.nextEvent(),
  });
  const isClientFirst = wasLeft || (clientEnd.signal !== undefined && !ending.isClientKilled());
  if (!isClientFirst || !container.hasRun) return end;
  // How the container ended then was our doing; what ended the run is what ended the docker command.
  const { exitCode: _, ...facts } = end;
  return { ...facts, ...howClientEnded(clientEnd), events: before };
}

function howClientEnded({
  endedAt,
  exitCode,
  signal,
}: WorkloadEnd): Partial<WorkloadEnd> & { readonly endedAt: string } {
  const how = signal === undefined ? `ended with code ${exitCode ?? "unknown"}` : `was ended by ${signalName(signal)}`;
  return {
    endedAt,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    stateError: `The docker command ${how}, and MCPProxy stopped the container that it left.`,
  };
}

/** Through reconnects, as long as there is a container to ask for. */
async function lookPatiently(ending: DockerCommandEnding): Promise<ContainerState | undefined> {
  const { container, whenBack } = ending;
  for (;;) {
    try {
      return await container.look();
    } catch (error) {
      if (container.id === undefined || !isUnreachable(error)) return undefined;
      ending.onEngineAway();
      if (!(await whenBack())) return undefined;
    }
  }
}

async function stopContainer({ connector, container }: DockerCommandEnding): Promise<void> {
  if (container.id === undefined) return;
  try {
    const { docker } = await connector.connect();
    await docker.getContainer(container.id).stop({ t: abandonedStopSeconds });
  } catch {
    // It has ended by itself, or the engine cannot stop it now: then it is removed by force, or by recovery.
  }
}
