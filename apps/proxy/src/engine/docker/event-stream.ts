import { instanceLabel } from "@mcpproxy/core/docker/labels";
import type { DockerConnector } from "./docker-connector.ts";
import { parseContainerEvent, type ContainerEvent } from "./parse-event.ts";
import { readLines } from "./read-lines.ts";

export interface EventStreamRequest {
  readonly connector: DockerConnector;
  readonly instanceId: string;
  /** Time of the last event seen, so that the engine repeats what was missed. */
  readonly sinceNano: number | undefined;
  readonly signal: AbortSignal;
  onOpen(): void;
  onEvent(event: ContainerEvent): void;
}

/** Listens to the events of this instance's containers until the stream is lost; tells whether it was ever open. */
export async function openEventStream(request: EventStreamRequest): Promise<boolean> {
  let isOpen = false;
  try {
    const { docker } = await request.connector.connect();
    const stream = await docker.getEvents({
      filters: { type: ["container"], label: [`${instanceLabel}=${request.instanceId}`] },
      abortSignal: request.signal,
      ...(request.sinceNano === undefined ? {} : { since: Math.floor(request.sinceNano / 1e9) }),
    });
    isOpen = true;
    request.onOpen();
    for await (const line of readLines(asByteStream(stream))) {
      const event = parseContainerEvent(line);
      if (event) request.onEvent(event);
    }
  } catch {
    // Lost streams are normal (the engine restarts, the watch closes); the watch asks the engine what is the matter.
  }
  return isOpen;
}

/** dockerode types its streams as NodeJS.ReadableStream, whose items are string or Buffer. */
function asByteStream(stream: NodeJS.ReadableStream): AsyncIterable<Buffer | string> {
  return stream;
}
