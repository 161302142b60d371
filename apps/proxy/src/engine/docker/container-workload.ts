import type { EngineEvent } from "@mcpproxy/core/verdict/exit-evidence";
import { EngineError, type Workload, type WorkloadEnd } from "../engine.ts";
import type { Attachment } from "./attachment.ts";
import { gatherContainerEnd, toWorkloadEnd } from "./container-end.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isUnreachable, statusCodeOf } from "./docker-error.ts";
import type { EventGap } from "./engine-watch.ts";
import { createEventLog } from "./event-log.ts";
import { inspectState, type ContainerState } from "./inspect-outcome.ts";
import { createMemoryReader } from "./memory-reader.ts";
import type { ContainerEvent } from "./parse-event.ts";
import { removeContainer } from "./owned-containers.ts";
import { createTransferReader } from "./transferred-bytes.ts";

export interface ContainerWorkloadRequest {
  readonly connector: DockerConnector;
  readonly containerId: string;
  readonly attachment: Attachment;
  /** Resolves when the engine may answer again; false when nobody waits for it any more. */
  whenBack(): Promise<boolean>;
  onFinished(): void;
}

/** A workload, and the side of it that the events stream feeds. */
export interface ContainerWorkload {
  readonly workload: Workload;
  handleEvent(event: ContainerEvent): void;
  handleReconnected(gap: EventGap): void;
}

/** The container behind the port: stdio from the attachment, life and death from events and inspect. */
export function createContainerWorkload(request: ContainerWorkloadRequest): ContainerWorkload {
  const { connector, containerId, attachment } = request;
  const log = createEventLog();
  const listeners = new Set<(event: EngineEvent) => void>();
  const ended = Promise.withResolvers<WorkloadEnd>();
  let nextEvent = Promise.withResolvers<void>();
  let state: "created" | "started" | "ending" = "created";

  const inspect = async (): Promise<ContainerState> => {
    for (;;) {
      try {
        return await inspectState((await connector.connect()).docker, containerId);
      } catch (error) {
        if (!isUnreachable(error)) return { state: "gone", isOomFlagSet: false, stateError: engineMessageOf(error) };
        if (!(await request.whenBack())) return unknownState;
      }
    }
  };
  const finish = async (): Promise<void> => {
    if (state === "ending") return;
    state = "ending";
    const end = await gatherContainerEnd({ log, attachment, inspect, nextEvent: () => nextEvent.promise });
    ended.resolve(end);
    attachment.close();
    request.onFinished();
  };
  const finishUnlessRunning = async (): Promise<void> => {
    if (state !== "started") return;
    const facts = await inspect();
    if (facts.state !== "running") await finish();
  };
  const failStart = async (error: unknown): Promise<never> => {
    // Whether it runs after all is told by the labels, when the engine is back.
    const facts = isUnreachable(error) ? undefined : await inspect();
    state = "ending";
    ended.resolve(toWorkloadEnd({ facts: facts ?? { state: "gone", isOomFlagSet: false }, log }));
    attachment.close();
    request.onFinished();
    throw facts === undefined ? connector.unreachable(error) : startError(error, facts);
  };
  attachment.onStdoutEnd(() => void finishUnlessRunning());

  const workload: Workload = {
    id: containerId,
    async start() {
      try {
        const { docker } = await connector.connect();
        await docker.getContainer(containerId).start();
        if (state === "created") state = "started";
      } catch (error) {
        await failStart(error);
      }
    },
    write: (bytes) => attachment.stdin.write(bytes),
    onDrain: (listener) => attachment.stdin.onDrain(listener),
    closeStdin: () => attachment.stdin.end(),
    signal: (name) => signalContainer({ connector, containerId, name }),
    pauseStdout: () => attachment.pauseStdout(),
    resumeStdout: () => attachment.resumeStdout(),
    onEvent: (listener) => void listeners.add(listener),
    ended: ended.promise,
    readMemory: createMemoryReader({ connector, containerId, isRunning: () => state === "started" }),
    readTransferredBytes: createTransferReader(connector, containerId),
    remove: () => removeContainer(connector, containerId),
  };

  return {
    workload,
    handleEvent(containerEvent) {
      if (!log.add(containerEvent)) return;
      const { event } = containerEvent;
      nextEvent.resolve();
      nextEvent = Promise.withResolvers();
      for (const listener of listeners) listener(event);
      if (event.action === "start" && state === "created") state = "started";
      if (event.action === "die" || event.action === "destroy") void finish();
    },
    handleReconnected(gap) {
      log.addGap(gap);
      void finishUnlessRunning();
    },
  };
}

/** MCPProxy closes while the engine is away: for all it knows the container runs. */
const unknownState: ContainerState = {
  state: "running",
  isOomFlagSet: false,
  stateError: "The container engine was unreachable when MCPProxy stopped.",
};

/** Sends a signal; a container that has ended already is fine. */
export async function signalContainer(request: {
  readonly connector: DockerConnector;
  readonly containerId: string;
  readonly name: "SIGTERM" | "SIGKILL";
}): Promise<void> {
  try {
    const { docker } = await request.connector.connect();
    await docker.getContainer(request.containerId).kill({ signal: request.name });
  } catch (error) {
    if (isUnreachable(error)) throw request.connector.unreachable(error);
    // 404 gone and 409 not running: it has ended already, which is what the caller wanted.
    const code = statusCodeOf(error);
    if (code !== 404 && code !== 409) throw error;
  }
}

/** Some engines look for the network only at start. */
const createProblem = /network \S+ not found|mount|address already in use|port is already allocated/i;

function startError(cause: unknown, facts: ContainerState): EngineError {
  const message = engineMessageOf(cause);
  const stage = facts.exitCode !== 127 && facts.exitCode !== 126 && createProblem.test(message) ? "create" : "start";
  return new EngineError(
    message,
    { stage, ...(facts.exitCode === undefined ? {} : { exitCode: facts.exitCode }) },
    { cause },
  );
}
