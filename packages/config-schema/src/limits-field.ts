import * as z from "zod";
import { byteSizeField, countField, durationField } from "./config-fields.ts";

const mebibyte = 1024 ** 2;
/** Node cannot hold much more in one string or buffer. */
const maximumMessageBytes = 512 * mebibyte;

/** How much clients may ask of MCPProxy; beyond a bound one call fails, nothing else. */
export interface LimitValues {
  readonly bodyBytes: number;
  readonly lineBytes: number;
  readonly sessions: number;
  readonly sessionIdleMs: number;
  readonly streamsPerSession: number;
  readonly callsPerSession: number;
  readonly queuedMessages: number;
  readonly queuedBytes: number;
}

const messageSizeField = byteSizeField.refine((bytes) => bytes >= 1024 && bytes <= maximumMessageBytes, {
  error: "must be from 1k to 512m.",
});

const limitsObject = z.strictObject({
  max_body: messageSizeField.optional().describe('Largest body of a client\'s POST; "16m" when left out.'),
  max_line: messageSizeField.optional().describe('Longest line from a server\'s stdout; "64m" when left out.'),
  max_sessions: countField({ minimum: 1, maximum: 100_000 })
    .optional()
    .describe("Sessions of clients at the same time, 1000 when left out; an idle one gives way to a new one."),
  session_idle: durationField
    .optional()
    .describe('A session without calls and open streams for this long is over; "1h" when left out.'),
  max_streams: countField({ minimum: 1, maximum: 1_000 })
    .optional()
    .describe("GET streams that one session may hold open; 16 when left out."),
  max_calls: countField({ minimum: 1, maximum: 10_000 })
    .optional()
    .describe("Calls of one session that may wait for an answer; 1000 when left out."),
  max_queued_messages: countField({ minimum: 1, maximum: 100_000 })
    .optional()
    .describe("Messages kept for one session's client that is away or may come back; 1000 when left out."),
  max_queued_bytes: messageSizeField
    .optional()
    .describe('The same in bytes, and how far one client may lag behind in reading; "16m" when left out.'),
});

export const limitsKeys = Object.keys(limitsObject.shape);

export const limitsField = limitsObject
  .transform((raw): LimitValues => ({
    bodyBytes: raw.max_body ?? 16 * mebibyte,
    lineBytes: raw.max_line ?? 64 * mebibyte,
    sessions: raw.max_sessions ?? 1_000,
    sessionIdleMs: raw.session_idle ?? 60 * 60 * 1_000,
    streamsPerSession: raw.max_streams ?? 16,
    callsPerSession: raw.max_calls ?? 1_000,
    queuedMessages: raw.max_queued_messages ?? 1_000,
    queuedBytes: raw.max_queued_bytes ?? 16 * mebibyte,
  }))
  .describe("How much clients may ask of MCPProxy; beyond a bound one call fails, nothing else.");

/** What holds without a config. */
export const defaultLimits: LimitValues = limitsField.parse({});
