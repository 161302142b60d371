/** Says on stderr that a log file cannot be written: the log itself cannot say it. */
export function reportLogFailure(filePath: string, error: Error): void {
  process.stderr.write(
    `mcpproxy: cannot write ${filePath}: ${error.message}. Lines are dropped until it works again.\n`,
  );
}
