import { createLineFramer } from "../bridge/line-framer.ts";
import type { Bridge, Upstream } from "../bridge/bridge.ts";
import type { Workload, WorkloadOutput } from "../engine/engine.ts";
import type { ServerLog } from "../logs/server-log.ts";
import type { RunRecorder } from "./run-recorder.ts";
import type { StderrTail } from "./stderr-tail.ts";

const maxStderrLineBytes = 64 * 1024;
const newline = Buffer.from("\n");

export interface RunStdioInput {
  readonly bridge: Bridge;
  readonly recorder: RunRecorder;
  readonly log: ServerLog;
  readonly tail: StderrTail;
  redact(text: string): string;
  readonly maxLineBytes: number;
}

/** Where a run's output goes: stdout to the bridge line by line, stderr to its tail and the server's log, redacted. */
export function createRunOutput(input: RunStdioInput): WorkloadOutput & { end(): void } {
  const stdout = createLineFramer({
    maxLineBytes: input.maxLineBytes,
    onLine: (line) => input.bridge.receive(line),
    onLineTooLong: (line) => {
      input.bridge.receiveTooLong(line);
      input.recorder.event(
        "line-too-long",
        `A line of ${line.sizeBytes} bytes on stdout was skipped; the limit is ${input.maxLineBytes} bytes (limits.max_line).`,
      );
    },
  });
  const stderr = createLineFramer({
    maxLineBytes: maxStderrLineBytes,
    onLine: (line) => {
      const text = input.redact(line.toString());
      input.tail.add(text);
      input.log.stderr(text);
    },
    onLineTooLong: ({ sizeBytes }) => {
      const text = `[a line of ${sizeBytes} bytes was skipped]`;
      input.tail.add(text);
      input.log.stderr(text);
    },
  });
  return {
    onStdout: (chunk) => stdout.push(chunk),
    onStderr: (chunk) => stderr.push(chunk),
    end() {
      stdout.end();
      stderr.end();
    },
  };
}

/** The workload's stdin as the bridge sees it. */
export function createUpstream(workload: Workload): Upstream {
  let unreadBytes = 0;
  workload.onDrain(() => {
    unreadBytes = 0;
  });
  return {
    writeLine(message) {
      const line = Buffer.concat([message, newline], message.length + 1);
      if (!workload.write(line)) unreadBytes += line.length;
    },
    get unreadBytes() {
      return unreadBytes;
    },
  };
}
