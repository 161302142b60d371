import { z } from "zod";
import { InvalidCursorError } from "./store-error.ts";

/** The last run of a page: the next page begins after it. */
export interface RunPosition {
  readonly startedAtMs: number;
  readonly id: string;
}

const cursorSchema = z.strictObject({ t: z.int(), id: z.string().min(1) });

export function encodeRunCursor(position: RunPosition): string {
  return Buffer.from(JSON.stringify({ t: position.startedAtMs, id: position.id })).toString("base64url");
}

/** Throws InvalidCursorError when the text was not made by encodeRunCursor. */
export function decodeRunCursor(cursor: string): RunPosition {
  try {
    const { t, id } = cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return { startedAtMs: t, id };
  } catch (cause) {
    throw new InvalidCursorError(cause);
  }
}
