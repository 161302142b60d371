import { join } from "node:path";
import { escapeLine } from "./escape-line.ts";
import { readLogTail } from "./read-log-tail.ts";
import { RedactorSlot, type Redact } from "./redactor.ts";
import { reportLogFailure } from "./report-log-failure.ts";
import { RotatingLineWriter } from "./rotating-line-writer.ts";
import { serverLogFileName } from "./server-log-file-name.ts";

const lineLengthMax = 16 * 1024;
const labelWidth = 6;

/** The log of one server: what MCPProxy says about it, its stderr, and what it wrongly printed on stdout. */
export interface ServerLog {
  info(message: string): void;
  stderr(line: string): void;
  stdoutNoise(line: string): void;
  /** The last lines, oldest first, with what was written just now. */
  tail(lines: number): Promise<readonly string[]>;
  setRedactor(redact: Redact): void;
  close(): Promise<void>;
}

export interface ServerLogOptions {
  readonly directory: string;
  readonly server: string;
  readonly redact: Redact;
}

/** Opens server-NAME.log with the first line; returns at once and never blocks on the disk. */
export function createServerLog(options: ServerLogOptions): ServerLog {
  const { directory } = options;
  const fileName = serverLogFileName(options.server);
  const filePath = join(directory, fileName);
  const redactor = new RedactorSlot(options.redact);
  const writer = new RotatingLineWriter({
    directory,
    fileName,
    formatDropped: (count) =>
      formatServerLine("WARN", `${count} lines dropped: they came faster than the disk takes them`),
    onError: (error) => reportLogFailure(filePath, error),
  });
  const write = (label: string, text: string) => writer.write(formatServerLine(label, redactor.apply(text)));
  return {
    info: (message) => write("INFO", message),
    stderr: (line) => write("STDERR", line),
    stdoutNoise: (line) => write("STDOUT", line),
    tail: async (lines) => {
      await writer.flush();
      return readLogTail(filePath, lines);
    },
    setRedactor: (redact) => redactor.set(redact),
    close: () => writer.close(),
  };
}

function formatServerLine(label: string, text: string): string {
  return `${new Date().toISOString()} ${label.padEnd(labelWidth)} ${escapeLine(shorten(text))}`;
}

function shorten(text: string): string {
  if (text.length <= lineLengthMax) return text;
  return `${text.slice(0, lineLengthMax)}… (${text.length - lineLengthMax} more characters)`;
}
