import type { WorkloadOutput } from "../engine.ts";

/** The last words of a docker command are short; its progress of a pull is not. */
const keptStderrBytes = 16 * 1024;

/** The output of a docker command on its way through, as far as it tells about the start. */
export interface DockerCommandOutput extends WorkloadOutput {
  /** Resolves with the first byte on stdout: then the container runs. */
  readonly firstStdout: Promise<void>;
  /** The end of what was written to stderr until `forget`. */
  stderr(): string;
  /** From now on stderr is the server's own, and nothing is kept. */
  forget(): void;
}

/** Passes everything on. */
export function watchOutput(output: WorkloadOutput): DockerCommandOutput {
  const first = Promise.withResolvers<void>();
  let kept: Buffer | undefined = Buffer.alloc(0);
  return {
    firstStdout: first.promise,
    onStdout(chunk) {
      first.resolve();
      output.onStdout(chunk);
    },
    onStderr(chunk) {
      if (kept !== undefined) kept = Buffer.concat([kept, chunk]).subarray(-keptStderrBytes);
      output.onStderr(chunk);
    },
    stderr: () => kept?.toString() ?? "",
    forget() {
      kept = undefined;
    },
  };
}
