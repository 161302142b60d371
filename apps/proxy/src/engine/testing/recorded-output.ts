import type { WorkloadOutput } from "../engine.ts";

export interface RecordedOutput extends WorkloadOutput {
  stdout(): Buffer;
  stderr(): string;
}

/** Keeps everything that a workload writes. */
export function recordOutput(): RecordedOutput {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  return {
    onStdout: (chunk) => void stdout.push(chunk),
    onStderr: (chunk) => void stderr.push(chunk),
    stdout: () => Buffer.concat(stdout),
    stderr: () => Buffer.concat(stderr).toString(),
  };
}
