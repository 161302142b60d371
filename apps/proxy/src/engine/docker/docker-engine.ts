import { runLabel } from "@mcpproxy/core/docker/labels";
import type { ContainerEngine } from "../engine.ts";
import { createContainerWorkload, type ContainerWorkload } from "./container-workload.ts";
import { createContainer } from "./create-container.ts";
import { createDockerConnector } from "./docker-connector.ts";
import type { DockerEnvironment } from "./docker-endpoint.ts";
import { watchEngine } from "./engine-watch.ts";
import { createImageProvider } from "./image-provider.ts";
import { endAbandoned, listOwned, removeContainer } from "./owned-containers.ts";
import type { ContainerEvent } from "./parse-event.ts";

export interface DockerEngineRequest {
  readonly environment: DockerEnvironment;
  /** Whose containers this engine watches. */
  readonly instanceId: string;
  /** Closes the engine. */
  readonly signal?: AbortSignal;
}

/** The Docker Engine behind the port; starts to look for it at once and keeps looking until it is closed. */
export function createDockerEngine({ environment, instanceId, signal }: DockerEngineRequest): ContainerEngine {
  const connector = createDockerConnector(environment);
  const workloads = new Map<string, ContainerWorkload>();
  /** Events of a container that is being created, before anyone knows its workload. */
  const early = new Map<string, ContainerEvent[]>();
  const watch = watchEngine({
    connector,
    instanceId,
    onEvent(event) {
      const runId = event.labels[runLabel] ?? "";
      workloads.get(runId)?.handleEvent(event);
      early.get(runId)?.push(event);
    },
    onReconnected(gap) {
      for (const workload of workloads.values()) workload.handleReconnected(gap);
    },
  });
  const images = createImageProvider({ connector, dockerConfigDir: environment.dockerConfigDir });
  signal?.addEventListener("abort", () => void watch.close(), { once: true });

  return {
    kind: "docker",
    async create(launch, output) {
      const { runId } = launch.identity;
      await watch.connected();
      early.set(runId, []);
      try {
        const created = await createContainer(connector, launch, output);
        const workload = createContainerWorkload({
          connector,
          ...created,
          whenBack: () => watch.whenBack(),
          onFinished: () => workloads.delete(runId),
        });
        workloads.set(runId, workload);
        for (const event of early.get(runId) ?? []) workload.handleEvent(event);
        return workload.workload;
      } finally {
        early.delete(runId);
      }
    },
    probe: () => watch.probe(),
    get status() {
      return watch.status;
    },
    onStatusChange: (listener) => watch.onStatusChange(listener),
    ensureImage: (request) => images.ensureImage(request),
    listOwned: (owner) => listOwned(connector, owner),
    endAbandoned: (containerId) => endAbandoned(connector, containerId),
    removeContainer: (containerId) => removeContainer(connector, containerId),
    close: () => watch.close(),
  };
}
