import { keptEdgeBytes, type SkippedLine } from "./skipped-line.ts";

/** Largest line from a server's stdout; beyond it one message is lost, not the server. */
export const maxLineBytes = 64 * 1024 * 1024;

export interface LineFramerOptions {
  readonly maxLineBytes: number;
  onLine(line: Buffer): void;
  /** A line over the bound was skipped; told once, at its end. */
  onLineTooLong(line: SkippedLine): void;
}

export interface LineFramer {
  push(chunk: Buffer): void;
  /** At the end of the stream: hands out a last line without a line break. */
  end(): void;
}

/**
 * Cuts a byte stream into lines in linear time, whatever the chunks are, within a bound.
 * Handed-out buffers may share memory with the chunks. Empty lines are skipped, a CR before the LF is dropped.
 */
export function createLineFramer(options: LineFramerOptions): LineFramer {
  let parts: Buffer[] = [];
  let partsBytes = 0;
  let skipped: SkippedLine | undefined;

  const keep = (part: Buffer): void => {
    parts.push(part);
    partsBytes += part.length;
    if (skipped === undefined && partsBytes <= options.maxLineBytes) return;
    skipped = skip(skipped, parts);
    parts = [];
    partsBytes = 0;
  };

  const finishLine = (): void => {
    const [first] = parts;
    const line = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts, partsBytes);
    const tooLong = skipped;
    parts = [];
    partsBytes = 0;
    skipped = undefined;
    if (tooLong === undefined) emit(line, options);
    else options.onLineTooLong(tooLong);
  };

  return {
    push(chunk) {
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(0x0a, start);
        if (end === -1) break;
        if (partsBytes === 0 && skipped === undefined && end - start <= options.maxLineBytes)
          emit(chunk.subarray(start, end), options);
        else {
          keep(chunk.subarray(start, end));
          finishLine();
        }
        start = end + 1;
      }
      if (start < chunk.length) keep(start === 0 ? chunk : chunk.subarray(start));
    },
    end() {
      if (partsBytes > 0 || skipped !== undefined) finishLine();
    },
  };
}

/** Adds to a skipped line; of its bytes only the two ends are copied, so that the chunks can go. */
function skip(before: SkippedLine | undefined, parts: readonly Buffer[]): SkippedLine {
  const edgeParts = before === undefined ? parts : [before.tail, ...parts];
  return {
    sizeBytes: parts.reduce((sum, part) => sum + part.length, before?.sizeBytes ?? 0),
    head: before?.head ?? Buffer.from(Buffer.concat(atLeastEdge(parts)).subarray(0, keptEdgeBytes)),
    tail: Buffer.from(Buffer.concat(atLeastEdge(edgeParts.toReversed()).toReversed()).subarray(-keptEdgeBytes)),
  };
}

/** As many of the first parts as make up one end of the line. */
function atLeastEdge(parts: readonly Buffer[]): Buffer[] {
  const taken: Buffer[] = [];
  let bytes = 0;
  for (const part of parts) {
    if (bytes >= keptEdgeBytes) break;
    taken.push(part);
    bytes += part.length;
  }
  return taken;
}

function emit(line: Buffer, options: LineFramerOptions): void {
  const trimmed = line[line.length - 1] === 0x0d ? line.subarray(0, -1) : line;
  if (trimmed.length > 0) options.onLine(trimmed);
}
