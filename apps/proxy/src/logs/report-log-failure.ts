/** Says what the log may not be able to say. */
export function reportOnStderr(message: string): void {
  process.stderr.write(`mcpproxy: ${message}\n`);
}

/** Says that a log file cannot be written. */
export function reportLogFailure(filePath: string, error: Error): void {
  reportOnStderr(
    `cannot write ${filePath}: ${error.message}. Lines wait in memory, at most 1 MB, and are written when it works again; free some space, or check the disk and the permissions.`,
  );
}

/** The end of that. */
export function reportLogRecovery(filePath: string): void {
  reportOnStderr(`${filePath} is written again.`);
}
