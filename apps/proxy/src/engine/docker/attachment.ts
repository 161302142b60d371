import { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { Container } from "dockerode";
import type { WorkloadOutput } from "../engine.ts";
import { outputEnd } from "../process-output.ts";
import { createStdinWriter, type StdinWriter } from "../stdin-writer.ts";
import { createDemultiplexer } from "./demultiplex.ts";

/** The stdio of one container. */
export interface Attachment {
  readonly stdin: StdinWriter;
  pauseStdout(): void;
  resumeStdout(): void;
  /** Called once when stdout is over: the process ended, closed it, or the engine went away. */
  onStdoutEnd(listener: () => void): void;
  /** Resolves when all output was read, or after `graceMs`. */
  outputEnd(graceMs: number): Promise<void>;
  close(): void;
}

/**
 * Attaches to a container that has not started yet.
 * Stderr has a connection of its own: Docker sends both streams through one socket, and pausing stdout would stop stderr too.
 */
export async function attachContainer(container: Container, output: WorkloadOutput): Promise<Attachment> {
  const [main, stderr] = await Promise.all([
    container.attach({ stream: true, stdin: true, stdout: true, stderr: false, hijack: true, logs: false }),
    container.attach({ stream: true, stdin: false, stdout: false, stderr: true, hijack: true, logs: false }),
  ]).then((streams) => streams.map(asDuplex));
  if (main === undefined || stderr === undefined) throw new Error("Docker gave no stream to attach to.");
  for (const stream of [main, stderr]) {
    stream.on("data", createDemultiplexer(output));
    // A cut connection shows as a closed stream, and the engine is then asked for the reason.
    stream.on("error", () => undefined);
  }
  return {
    stdin: createStdinWriter(main),
    pauseStdout: () => void main.pause(),
    resumeStdout: () => void main.resume(),
    onStdoutEnd: (listener) => void main.once("close", listener),
    outputEnd: (graceMs) => outputEnd([main, stderr], graceMs),
    close() {
      main.destroy();
      stderr.destroy();
    },
  };
}

/** dockerode types a hijacked connection loosely; it is the socket of the request, or a channel over ssh. */
function asDuplex(stream: NodeJS.ReadWriteStream): Duplex {
  if (!(stream instanceof Duplex)) throw new Error("Docker gave no two-way stream to attach to.");
  if (stream instanceof Socket) stream.setNoDelay(true);
  return stream;
}
