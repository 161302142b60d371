import { open, type FileHandle } from "node:fs/promises";

const blockBytes = 64 * 1024;
const tailBytesMax = 1024 * 1024;
const lineEnd = 0x0a;

/**
 * The last lines of a log file and, where it was rotated just now, of the one before; at most 1 MB of each.
 * With `endBytes` as if the file ended there.
 */
export async function readLogTail(filePath: string, lines: number, endBytes?: number): Promise<readonly string[]> {
  if (lines <= 0) return [];
  const newest = await readFileTail(filePath, { lines, endBytes });
  if (newest.length >= lines) return newest;
  const older = await readFileTail(`${filePath}.1`, { lines: lines - newest.length });
  return [...older, ...newest];
}

interface TailRequest {
  readonly lines: number;
  readonly endBytes?: number | undefined;
}

async function readFileTail(filePath: string, request: TailRequest): Promise<readonly string[]> {
  const { lines } = request;
  const file = await openIfThere(filePath);
  if (file === undefined) return [];
  try {
    const bytes = await readEnd(file, request);
    const text = bytes.toString("utf8");
    return (text.endsWith("\n") ? text.slice(0, -1) : text)
      .split("\n")
      .slice(-lines)
      .filter((line) => line !== "");
  } finally {
    await file.close();
  }
}

async function openIfThere(filePath: string): Promise<FileHandle | undefined> {
  try {
    return await open(filePath, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

// Backwards in blocks, until enough line ends are seen or the bound is reached.
async function readEnd(file: FileHandle, { lines, endBytes }: TailRequest): Promise<Buffer> {
  const size = Math.min((await file.stat()).size, endBytes ?? Number.POSITIVE_INFINITY);
  const stop = Math.max(0, size - tailBytesMax);
  const blocks: Buffer[] = [];
  let lineEnds = 0;
  for (let position = size; position > stop && lineEnds <= lines;) {
    const start = Math.max(stop, position - blockBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(position - start), 0, position - start, start);
    const block = buffer.subarray(0, bytesRead);
    blocks.unshift(block);
    lineEnds += countLineEnds(block);
    position = start;
  }
  const bytes = Buffer.concat(blocks);
  const isCutInsideLine = stop > 0 && lineEnds <= lines;
  return isCutInsideLine ? bytes.subarray(bytes.indexOf(lineEnd) + 1) : bytes;
}

function countLineEnds(block: Buffer): number {
  let count = 0;
  for (const byte of block) if (byte === lineEnd) count += 1;
  return count;
}
