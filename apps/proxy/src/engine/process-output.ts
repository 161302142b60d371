import type { Readable } from "node:stream";
import { endsWithin } from "../waiting/deadline.ts";

/**
 * Resolves when every stream has ended, or after `graceMs` of silence about it: what a process wrote before its end
 * should be read before the end is told, but a reader that paused must not hold the end back.
 */
export async function outputEnd(streams: readonly Readable[], graceMs: number): Promise<void> {
  const open = streams.filter((stream) => !stream.closed && !stream.readableEnded && !stream.isPaused());
  if (open.length === 0) return;
  await endsWithin(Promise.all(open.map(streamEnd)), graceMs);
}

function streamEnd(stream: Readable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.once("end", resolve);
  stream.once("close", resolve);
  return promise;
}
