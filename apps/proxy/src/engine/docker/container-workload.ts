import type { EngineEvent } from "@mcpproxy/core/verdict/exit-evidence";
import { sigkill } from "@mcpproxy/core/verdict/signals";
import { EngineError, type Workload, type WorkloadEnd } from "../engine.ts";
import { endsWithin, withDeadline } from "../../waiting/deadline.ts";
import type { Attachment } from "./attachment.ts";
import { gatherContainerEnd, toWorkloadEnd } from "./container-end.ts";
import { CutOffNotice } from "./cut-off-notice.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isUnreachable, statusCodeOf } from "./docker-error.ts";
import type { EventGap } from "./engine-watch.ts";
import { createEventLog } from "./event-log.ts";
import { inspectState, type ContainerState } from "./inspect-outcome.ts";
import { createResourceReader } from "./resource-reader.ts";
import type { ContainerEvent } from "./parse-event.ts";
import { removeContainer } from "./owned-containers.ts";
import { createTransferReader } from "./transferred-bytes.ts";

/** A healthy engine takes milliseconds, one with a hundred deaths at once seconds; calls need not wait longer to fail. */
const slowInspectMs = 10_000;
const inspectDeadlineMs = 60_000;
/** Between the end of the output and the event of the death lie milliseconds; longer, and it lives on without its output. */
const deathGraceMs = 2_000;

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

  const cutOff = new CutOffNotice();
  const isBeingKilled = (): boolean => log.events.some(({ action, signal }) => action === "kill" && signal === sigkill);
  const isRunning = (): boolean => state === "started" && !isOutputOver && !isBeingKilled();
  const resources = createResourceReader({ connector, containerId, isRunning });
  const kernelPeak = (): Pick<WorkloadEnd, "kernelPeakBytes"> =>
    resources.kernelPeakBytes === undefined ? {} : { kernelPeakBytes: resources.kernelPeakBytes };
  let isOutputOver = false;

  const noteEngineAway = (): void => {
    // One that only looks dead from here (the stream of events was cut) still has its stdio.
    if (isOutputOver || state === "ending") cutOff.give({ isEngineAway: true });
  };
  /** Undefined when the engine does not answer. */
  const look = async (): Promise<ContainerState | undefined> => {
    const slow = setTimeout(noteEngineAway, slowInspectMs);
    try {
      return await withDeadline(inspectNow(connector, containerId), { timeoutMs: inspectDeadlineMs, createError });
    } catch (error) {
      if (isUnreachable(error)) return undefined;
      return { state: "gone", isOomFlagSet: false, stateError: engineMessageOf(error) };
    } finally {
      clearTimeout(slow);
    }
  };
  const inspect = async (): Promise<ContainerState> => {
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      noteEngineAway();
      if (!(await request.whenBack())) return unknownState;
    }
  };
  const finish = async (): Promise<void> => {
    if (state === "ending") return;
    state = "ending";
    const end = await gatherContainerEnd({ log, attachment, inspect, nextEvent: () => nextEvent.promise });
    ended.resolve({ ...end, ...kernelPeak() });
    cutOff.settle("ended");
    attachment.close();
    await end.confirmed;
    request.onFinished();
  };
  const finishUnlessRunning = async (): Promise<void> => {
    if (state !== "started") return;
    const facts = await inspect();
    if (facts.state !== "running") await finish();
    else if (isOutputOver) await noteRunsOn();
  };
  /** Nothing can come from it any more, and nothing go to it: Docker gives a container's stdin to one attachment. */
  const noteRunsOn = async (): Promise<void> => {
    const hasEnded = !cutOff.isGiven && (await endsWithin(ended.promise, deathGraceMs));
    if (hasEnded || state !== "started") return;
    if (!cutOff.isGiven && (await inspect()).state !== "running") return finish();
    cutOff.give({ isEngineAway: false });
    cutOff.settle("runs");
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
  attachment.onStdoutEnd(() => {
    isOutputOver = true;
    void finishUnlessRunning();
  });

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
    onCutOff: (listener) => cutOff.onCutOff(listener),
    ended: ended.promise,
    readResources: () => resources.read(),
    readPeak: () => resources.readPeak(),
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
      log.noteArrival(containerEvent, Date.now());
      for (const listener of listeners) listener({ ...event, at: log.toOurTime(event.at) });
      // Not yet gone, but soon: with its cgroup the kernel forgets the peak.
      if (event.action === "oom" || event.action === "kill") void resources.readPeak();
      if (event.action === "start" && state === "created") state = "started";
      if (event.action === "die" || event.action === "destroy") void finish();
    },
    handleReconnected(gap) {
      log.addGap(gap);
      void finishUnlessRunning();
    },
  };
}

async function inspectNow(connector: DockerConnector, containerId: string): Promise<ContainerState> {
  return inspectState((await connector.connect()).docker, containerId);
}

const createError = (): Error => new Error("Docker did not answer in time.");

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
