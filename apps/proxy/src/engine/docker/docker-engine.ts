import { runLabel } from "@mcpproxy/core/docker/labels";
import { scoreIsolation } from "@mcpproxy/core/report/score-isolation";
import type { ContainerEngine } from "../engine.ts";
import { remember } from "../remember.ts";
import { listCaches, removeCache } from "./cache-volumes.ts";
import { createContainerWorkload, type ContainerWorkload } from "./container-workload.ts";
import { createContainer } from "./create-container.ts";
import { dockerCommandVariables } from "./docker-command-environment.ts";
import { createDockerCommandWorkload } from "./docker-command-workload.ts";
import { createDockerConnector, type DockerTarget } from "./docker-connector.ts";
import type { DockerEnvironment } from "./docker-endpoint.ts";
import { createProgramProbe } from "./program-probe.ts";
import { createEgressSide } from "./egress-side.ts";
import { readEngineInfo } from "./engine-info.ts";
import { watchEngine, type EventGap } from "./engine-watch.ts";
import { readInForce } from "./in-force.ts";
import { createImageProvider } from "./image-provider.ts";
import { endAbandoned, listOwned, removeContainer } from "./owned-containers.ts";
import type { ContainerEvent } from "./parse-event.ts";

export interface DockerEngineRequest {
  readonly environment: DockerEnvironment;
  /** Which engine; what the docker command would use when absent. */
  readonly target?: DockerTarget;
  /** What Docker's credential helpers get; without it they are not found. */
  readonly helperEnvironment?: Readonly<Record<string, string>>;
  /** Takes lines about pulls. */
  writeLog?(line: string): void;
  /** Whose containers this engine watches. */
  readonly instanceId: string;
  /** The stream of events was away, though the engine answered. */
  onEventsMissed?(gap: EventGap): void;
  /** Somebody else has started a container of this instance, such as one that is kept after its end. */
  onUnwatchedStart?(): void;
  /** Closes the engine. */
  readonly signal?: AbortSignal;
}

/** The Docker Engine behind the port; starts to look for it at once and keeps looking until it is closed. */
export function createDockerEngine(options: DockerEngineRequest): ContainerEngine {
  const { environment, target, instanceId, signal, helperEnvironment = {} } = options;
  const connector = createDockerConnector(environment, target);
  const workloads = new Map<string, ContainerWorkload>();
  /** Events of a container that is being created, before anyone knows its workload. */
  const early = new Map<string, ContainerEvent[]>();
  // It changes only with a restart of the engine, which cuts the stream of events.
  const info = remember(async () => readEngineInfo((await connector.connect()).docker));
  const watch = watchEngine({
    connector,
    instanceId,
    onEvent(event) {
      const runId = event.labels[runLabel] ?? "";
      workloads.get(runId)?.handleEvent(event);
      early.get(runId)?.push(event);
      const isWatched = workloads.has(runId) || early.has(runId);
      if (event.event.action === "start" && !isWatched) options.onUnwatchedStart?.();
    },
    onReconnected(gap) {
      info.forget();
      for (const workload of workloads.values()) workload.handleReconnected(gap);
    },
    onEventsMissed: (gap) => options.onEventsMissed?.(gap),
  });
  const probe = createProgramProbe();
  const images = createImageProvider({
    connector,
    credentials: { dockerConfigDir: environment.dockerConfigDir, helperEnvironment },
    writeLog: (line) => options.writeLog?.(line),
  });
  signal?.addEventListener("abort", () => void watch.close(), { once: true });

  return {
    kind: "docker",
    async create(launch, output) {
      const { runId } = launch.identity;
      await watch.connected();
      early.set(runId, []);
      try {
        const created = await createContainer({ connector, probe }, launch, output);
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
    async adopt(adopt) {
      const { runId } = adopt.identity;
      await watch.connected();
      const adopted = await createDockerCommandWorkload({
        adopt,
        connector,
        whenBack: () => watch.whenBack(),
        onFinished: () => workloads.delete(runId),
      });
      workloads.set(runId, adopted);
      return adopted.workload;
    },
    commandVariables: () => dockerCommandVariables(connector.endpoint, environment),
    probe: () => watch.probe(),
    get status() {
      return watch.status;
    },
    onStatusChange: (listener) => watch.onStatusChange(listener),
    ensureImage: (request) => images.ensureImage(request),
    listOwned: (owner) => listOwned(connector, owner),
    endAbandoned: (containerId) => endAbandoned(connector, containerId),
    egress: createEgressSide(connector, { instanceId }),
    async readIsolation(containerId) {
      const { docker } = await connector.connect();
      const { homeDirectory } = environment;
      const inForce = await readInForce(docker, containerId, info.get());
      return scoreIsolation(inForce, homeDirectory === undefined ? {} : { homeDirectory });
    },
    removeContainer: (containerId) => removeContainer(connector, containerId),
    listCaches: (request) => listCaches(connector, request),
    removeCache: (volume) => removeCache(connector, volume),
    close: () => watch.close(),
  };
}
