/** What is kept of a line over the bound: its size and its two ends. */
export interface SkippedLine {
  readonly sizeBytes: number;
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** Long enough for "jsonrpc" and "id" with some space around them. */
export const keptEdgeBytes = 128;

/** As servers write it: {"jsonrpc":"2.0","id":5,"result":… and {"result":…,"jsonrpc":"2.0","id":5}. */
const idAtHead = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*,/;
const idAtTail = /,\s*"id"\s*:\s*(\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;

/** The id of a message of which only the ends are known, where it stands at one of them. */
export function idOfSkipped({ head, tail }: SkippedLine): number | undefined {
  const id = idAtHead.exec(head.toString("latin1"))?.[1] ?? idAtTail.exec(tail.toString("latin1"))?.[1];
  return id === undefined ? undefined : Number(id);
}
