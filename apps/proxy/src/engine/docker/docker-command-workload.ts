import { instanceLabel, managedLabel, serverLabel } from "@mcpproxy/core/docker/labels";
import type { AdoptRequest } from "../engine.ts";
import { CutOffNotice } from "./cut-off-notice.ts";
import { signalContainer, type ContainerWorkload } from "./container-workload.ts";
import { removeEndedNamesake } from "./docker-command-container.ts";
import { endDockerCommand } from "./docker-command-end.ts";
import { watchOutput } from "./docker-command-output.ts";
import { startDockerCommand } from "./docker-command-start.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { FollowedContainer } from "./followed-container.ts";
import { createResourceReader, type ResourceReader } from "./resource-reader.ts";
import { removeContainer } from "./owned-containers.ts";
import { createTransferReader } from "./transferred-bytes.ts";

export interface DockerCommandWorkloadRequest {
  readonly adopt: AdoptRequest;
  readonly connector: DockerConnector;
  /** Resolves when the engine may answer again; false when nobody waits for it any more. */
  whenBack(): Promise<boolean>;
  onFinished(): void;
}

/** The user's own docker command behind the port: stdio from the command, life and death from its container. */
export async function createDockerCommandWorkload(request: DockerCommandWorkloadRequest): Promise<ContainerWorkload> {
  const { adopt, connector } = request;
  const output = watchOutput(adopt.output);
  const client = await adopt.createClient(output);
  const container = new FollowedContainer({ ...adopt, runId: adopt.identity.runId, connector });
  const cutOff = new CutOffNotice();
  let isUnseen = false;
  let isClientKilled = false;
  let isOver = false;

  const killClient = (): Promise<void> => {
    isClientKilled = true;
    return client.signal("SIGKILL");
  };
  const endedCommand = endDockerCommand({
    connector,
    client,
    container,
    killClient,
    whenBack: () => request.whenBack(),
    onEngineAway: () => cutOff.give({ isEngineAway: true }),
    isUnseen: () => isUnseen,
    isClientKilled: () => isClientKilled,
  }).finally(() => {
    isOver = true;
    // A container that outlived its command was stopped on the way.
    cutOff.settle("ended");
    request.onFinished();
  });
  let reader: ResourceReader | undefined;
  /** Undefined until its container runs. */
  const resources = (): ResourceReader | undefined => {
    if (container.id === undefined || !container.hasRun) return undefined;
    reader ??= createResourceReader({ connector, containerId: container.id, isRunning: () => !isOver });
    return reader;
  };
  const ended = endedCommand.then((end) =>
    reader?.kernelPeakBytes === undefined ? end : { ...end, kernelPeakBytes: reader.kernelPeakBytes },
  );
  /** Killing the command alone would leave its container running. */
  const kill = async (): Promise<void> => {
    if (container.id === undefined) await container.look().catch(() => undefined);
    if (container.id === undefined) return killClient();
    try {
      await signalContainer({ connector, containerId: container.id, name: "SIGKILL" });
      if (!container.hasRun) await killClient();
    } catch (error) {
      await killClient();
      throw error;
    }
  };

  return {
    workload: {
      get id() {
        return container.id ?? client.id;
      },
      async start() {
        await makeRoom(request);
        const onUnseen = (): void => {
          isUnseen = true;
          adopt.onUnseen();
        };
        await startDockerCommand({ request: adopt, connector, client, output, container, ended, onUnseen });
      },
      write: (bytes) => client.write(bytes),
      onDrain: (listener) => client.onDrain(listener),
      closeStdin: () => client.closeStdin(),
      async signal(name) {
        if (isOver) return;
        // docker passes a SIGTERM on to the container.
        await (name === "SIGTERM" || isUnseen ? client.signal(name) : kill());
      },
      pauseStdout: () => client.pauseStdout(),
      resumeStdout: () => client.resumeStdout(),
      onEvent: (listener) => container.onEvent(listener),
      onCutOff: (listener) => cutOff.onCutOff(listener),
      ended,
      readResources: async () => resources()?.read(),
      readPeak: async () => resources()?.readPeak(),
      readTransferredBytes: async () =>
        container.id === undefined ? undefined : await createTransferReader(connector, container.id)(),
      remove: async () => {
        request.onFinished();
        if (container.id !== undefined) await removeContainer(connector, container.id);
      },
    },
    handleEvent: (event) => container.handleEvent(event),
    handleReconnected(gap) {
      container.log.addGap(gap);
      // Its death may have been missed; an engine that is away again calls this once more.
      container.look().catch(() => undefined);
    },
  };
}

/** Docker itself would have removed the last container, as the user's --rm says; ours may have been kept. */
async function makeRoom({ adopt, connector }: DockerCommandWorkloadRequest): Promise<void> {
  const { name } = adopt.command;
  if (name === undefined) return;
  const labels = {
    [managedLabel]: "true",
    [instanceLabel]: adopt.identity.instanceId,
    [serverLabel]: adopt.server,
  };
  try {
    await removeEndedNamesake(connector, { name, labels });
  } catch (error) {
    throw connector.unreachable(error);
  }
}
