import { escapeLine } from "./escape-line.ts";
import type { Redact } from "./redactor.ts";

export type LogFields = Readonly<Record<string, unknown>>;

export interface LogLine {
  readonly at: string;
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

const levelWidth = 5;
const plainValue = /^[^\s"=\\]+$/u;

/** `2026-11-23T19:00:00.123Z INFO  message key=value key2="value with spaces"`, without the line end. */
export function formatLogLine(line: LogLine, redact: Redact): string {
  const level = line.level.toUpperCase().padEnd(levelWidth);
  const fields = Object.entries(line.fields).map(([key, value]) => ` ${escapeLine(key)}=${formatValue(value, redact)}`);
  // Once more as a whole: a secret may stand across a message and its fields.
  return redact(`${line.at} ${level} ${escapeLine(redact(line.message))}${fields.join("")}`);
}

// Redacted before it is escaped, because a secret with line ends no longer looks like itself afterwards.
function formatValue(value: unknown, redact: Redact): string {
  if (typeof value !== "string") return escapeLine(redactedJson(value, redact));
  const text = redact(value);
  return plainValue.test(text) && escapeLine(text) === text ? text : escapeLine(JSON.stringify(text));
}

function redactedJson(value: unknown, redact: Redact): string {
  const json = JSON.stringify(value, (_key, part: unknown) => (typeof part === "string" ? redact(part) : part));
  return json ?? "undefined";
}
