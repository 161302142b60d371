import { join } from "node:path";
import { pino } from "pino";
import { describeError } from "./describe-error.ts";
import { formatLogLine, type LogFields } from "./format-log-line.ts";
import { parsePinoLine } from "./parse-pino-line.ts";
import { RedactorSlot, type Redact } from "./redactor.ts";
import { reportLogFailure, reportLogRecovery } from "./report-log-failure.ts";
import { RotatingLineWriter, type DropReason, type LogTrouble } from "./rotating-line-writer.ts";

export type MainLogLevel = "debug" | "info" | "warn" | "error";
type WriteLog = (fields: LogFields, message: string) => void;

/** The log of the proxy as a whole. Messages and fields pass the redactor; each event is one line. */
export interface MainLog {
  readonly debug: WriteLog;
  readonly info: WriteLog;
  readonly warn: WriteLog;
  readonly error: WriteLog;
  /** Replaces the redactor, when the config brings other secrets. */
  setRedactor(redact: Redact): void;
  setLevel(level: MainLogLevel): void;
  /** Why the file cannot be written right now; undefined while all is well. */
  readonly trouble: LogTrouble | undefined;
  readonly filePath: string;
  /** Resolves when the lines so far are in the file, or wait for a disk that takes nothing. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface MainLogOptions {
  readonly directory: string;
  readonly level: MainLogLevel;
  readonly redact: Redact;
  /** "main.log" when left out. A second process beside the service takes another name: rotation has one owner. */
  readonly fileName?: string;
}

/** Opens main.log with the first line; returns at once. */
export function createMainLog(options: MainLogOptions): MainLog {
  const redactor = new RedactorSlot(options.redact);
  const writer = createWriter(options);
  const toFile = {
    write: (json: string) => writer.write(formatLogLine(parsePinoLine(json), (text) => redactor.apply(text))),
  };
  // Nested, so that a field named level or time is not taken for the line's own.
  const logger = pino({ level: options.level, base: null, nestedKey: "fields" }, toFile);
  return {
    debug: (fields, message) => logger.debug(replaceErrors(fields), message),
    info: (fields, message) => logger.info(replaceErrors(fields), message),
    warn: (fields, message) => logger.warn(replaceErrors(fields), message),
    error: (fields, message) => logger.error(replaceErrors(fields), message),
    setRedactor: (redact) => redactor.set(redact),
    setLevel: (level) => {
      logger.level = level;
    },
    get trouble() {
      return writer.trouble;
    },
    filePath: join(options.directory, options.fileName ?? mainLogName),
    flush: () => writer.flush(),
    close: () => writer.close(),
  };
}

const mainLogName = "main.log";
const dropReasons: Readonly<Record<DropReason, string>> = {
  slow: "the disk was too slow",
  failed: "the disk took nothing, and no more could wait in memory",
};

function createWriter(options: MainLogOptions): RotatingLineWriter {
  const { directory, fileName = mainLogName } = options;
  return new RotatingLineWriter({
    directory,
    fileName,
    formatDropped: (count, reason) =>
      `${new Date().toISOString()} WARN  ${count} log lines dropped: ${dropReasons[reason]}`,
    onError: (error) => reportLogFailure(join(directory, fileName), error),
    onRecovered: () => reportLogRecovery(join(directory, fileName)),
  });
}

function replaceErrors(fields: LogFields): LogFields {
  const entries = Object.entries(fields).map(([key, value]) => [
    key,
    value instanceof Error ? describeError(value) : value,
  ]);
  return Object.fromEntries(entries);
}
