import type Docker from "dockerode";
import type { AbandonedEnd, OwnedContainer } from "../engine.ts";
import { toWorkloadEnd } from "./container-end.ts";
import { createDemultiplexer } from "./demultiplex.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { isNotFound, isUnreachable, statusCodeOf } from "./docker-error.ts";
import { createEventLog, type EventLog } from "./event-log.ts";
import { inspectState } from "./inspect-outcome.ts";
import { createdLabel, ownershipFilters, runLabel, serverLabel } from "@mcpproxy/core/docker/labels";
import { parseContainerEvent } from "./parse-event.ts";
import { readLines } from "./read-lines.ts";

const abandonedStopSeconds = 5;
/** As many as a run keeps. */
const stderrTailLines = 500;

/** All containers, running or not, that carry our labels with this instance; names are never looked at. */
export async function listOwned(connector: DockerConnector, instanceId: string): Promise<readonly OwnedContainer[]> {
  return callEngine(connector, async (docker) => {
    const containers = await docker.listContainers({ all: true, filters: ownershipFilters(instanceId) });
    return containers.map((container) => ({
      id: container.Id,
      name: (container.Names[0] ?? container.Id).replace(/^\//, ""),
      server: container.Labels[serverLabel] ?? "",
      runId: container.Labels[runLabel] ?? "",
      isRunning: ["running", "paused", "restarting"].includes(container.State),
      createdAt: container.Labels[createdLabel] ?? new Date(container.Created * 1000).toISOString(),
    }));
  });
}

/** Ends a container that nobody is attached to and tells how it ended, with the events and the log that the engine still has. */
export async function endAbandoned(connector: DockerConnector, containerId: string): Promise<AbandonedEnd> {
  return callEngine(connector, async (docker) => {
    const before = await inspectState(docker, containerId);
    if (before.state === "running") await stopAbandoned(docker, containerId);
    const [facts, log, stderrLines] = await Promise.all([
      inspectState(docker, containerId),
      readPastEvents(docker, containerId),
      readStderr(docker, containerId),
    ]);
    return { ...toWorkloadEnd({ facts, log }), stderrLines };
  });
}

/** Removes a container by force; one that is already gone, or on its way, is fine. */
export async function removeContainer(connector: DockerConnector, containerId: string): Promise<void> {
  await callEngine(connector, async (docker) => {
    try {
      await docker.getContainer(containerId).remove({ force: true, v: true });
    } catch (error) {
      if (!isNotFound(error) && statusCodeOf(error) !== 409) throw error;
    }
  });
}

async function stopAbandoned(docker: Docker, containerId: string): Promise<void> {
  try {
    await docker.getContainer(containerId).stop({ t: abandonedStopSeconds });
  } catch (error) {
    // 304: it ended by itself in the meantime.
    if (!isNotFound(error) && statusCodeOf(error) !== 304) throw error;
  }
}

async function readPastEvents(docker: Docker, containerId: string): Promise<EventLog> {
  const log = createEventLog();
  const until = Math.ceil(Date.now() / 1000);
  const stream = await docker.getEvents({ since: 1, until, filters: { container: [containerId] } });
  for await (const line of readLines(stream)) {
    const event = parseContainerEvent(line);
    if (event) log.add(event);
  }
  return log;
}

/** Best effort: a log driver may not be readable, and a container without its log still has its end. */
async function readStderr(docker: Docker, containerId: string): Promise<readonly string[]> {
  try {
    const log = await docker
      .getContainer(containerId)
      .logs({ stdout: false, stderr: true, tail: stderrTailLines, follow: false });
    const chunks: Buffer[] = [];
    createDemultiplexer({ onStdout: () => undefined, onStderr: (chunk) => void chunks.push(chunk) })(log);
    return Buffer.concat(chunks)
      .toString("utf8")
      .split(/\r?\n/)
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

async function callEngine<Value>(connector: DockerConnector, call: (docker: Docker) => Promise<Value>): Promise<Value> {
  try {
    return await call((await connector.connect()).docker);
  } catch (error) {
    throw isUnreachable(error) ? connector.unreachable(error) : error;
  }
}
