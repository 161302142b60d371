import { statSync } from "node:fs";
import { join } from "node:path";
import { escapeLine } from "./escape-line.ts";
import { readLogTail } from "./read-log-tail.ts";
import { RedactorSlot, type Redact } from "./redactor.ts";
import { reportLogFailure, reportLogRecovery } from "./report-log-failure.ts";
import { RotatingLineWriter, type DropReason, type LogTrouble } from "./rotating-line-writer.ts";
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
  /** Tells every further line until the returned function is called. */
  follow(onLine: (line: string) => void): () => void;
  /** The last lines and every one after them, none missing and none twice. */
  tailAndFollow(lines: number, onLine: (line: string) => void): Promise<TailAndFollow>;
  setRedactor(redact: Redact): void;
  /** Why the file cannot be written right now; undefined while all is well. */
  readonly trouble: LogTrouble | undefined;
  readonly filePath: string;
  close(): Promise<void>;
}

export interface TailAndFollow {
  readonly lines: readonly string[];
  stop(): void;
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
    formatDropped: (count, reason) => formatServerLine("WARN", `${count} lines dropped: ${dropReasons[reason]}`),
    onError: (error) => reportLogFailure(filePath, error),
    onRecovered: () => reportLogRecovery(filePath),
  });
  const followers = new Set<(line: string) => void>();
  const write = (label: string, text: string) => {
    const line = formatServerLine(label, redactor.apply(text));
    writer.write(line);
    for (const onLine of followers) onLine(line);
  };
  const follow: ServerLog["follow"] = (onLine) => {
    followers.add(onLine);
    return () => followers.delete(onLine);
  };
  return {
    info: (message) => write("INFO", message),
    stderr: (line) => write("STDERR", line),
    stdoutNoise: (line) => write("STDOUT", line),
    tail: async (lines) => {
      await writer.flush();
      return readLogTail(filePath, lines);
    },
    follow,
    tailAndFollow: (lines, onLine) => tailAndFollow({ writer, filePath, follow, lines, onLine }),
    setRedactor: (redact) => redactor.set(redact),
    get trouble() {
      return writer.trouble;
    },
    filePath,
    close: () => writer.close(),
  };
}

const dropReasons: Readonly<Record<DropReason, string>> = {
  slow: "they came faster than the disk takes them",
  failed: "the disk took nothing, and no more could wait in memory",
};

/** A writer that never rests: the tail may then miss a few of the lines that came meanwhile. */
const flushesMax = 20;

async function tailAndFollow(request: {
  readonly writer: RotatingLineWriter;
  readonly filePath: string;
  readonly follow: ServerLog["follow"];
  readonly lines: number;
  onLine(line: string): void;
}): Promise<TailAndFollow> {
  const { writer, filePath, onLine } = request;
  for (let count = 0; !writer.isIdle && count < flushesMax; count += 1) await writer.flush();
  // In one step: what is in the file now is in the tail, and everything later is told.
  const endBytes = statSync(filePath, { throwIfNoEntry: false })?.size ?? 0;
  const early: string[] = [];
  let tell = (line: string): void => void early.push(line);
  const stop = request.follow((line) => tell(line));
  const lines = await readLogTail(filePath, request.lines, endBytes);
  tell = onLine;
  return { lines: [...lines, ...early].slice(-Math.max(request.lines, early.length)), stop };
}

function formatServerLine(label: string, text: string): string {
  return `${new Date().toISOString()} ${label.padEnd(labelWidth)} ${escapeLine(shorten(text))}`;
}

function shorten(text: string): string {
  if (text.length <= lineLengthMax) return text;
  return `${text.slice(0, lineLengthMax)}… (${text.length - lineLengthMax} more characters)`;
}
