import type { ProxyProcess } from "../harness/proxy-process.ts";
import { residentBytes, watchResidentMemory } from "./resident-memory.ts";

/** One export read to its end, as fast as it comes. */
export interface ExportFigures {
  readonly format: "csv" | "ndjson";
  readonly runs: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Resident memory of the proxy before and the highest meanwhile. */
  readonly beforeBytes: number;
  readonly highestBytes: number;
}

const lineFeed = 10;

export async function measureExport(
  { url, apiKey, process: serve }: ProxyProcess,
  { format, query }: { readonly format: "csv" | "ndjson"; readonly query: string },
): Promise<ExportFigures> {
  const beforeBytes = residentBytes(serve.pid);
  const watch = watchResidentMemory(serve.pid);
  const beganMs = performance.now();
  const response = await fetch(`${url}/api/v1/runs/export?format=${format}&${query}`, {
    headers: { "x-api-key": apiKey },
  });
  if (!response.ok || response.body === null) throw new Error(`The export answered ${response.status}.`);
  let bytes = 0;
  let lines = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) lines += 1;
  }
  const seconds = (performance.now() - beganMs) / 1_000;
  const runs = format === "csv" ? lines - 1 : lines;
  return { format, runs, bytes, seconds, beforeBytes, highestBytes: watch.stop() };
}
