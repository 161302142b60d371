import type { LargeAnswer } from "./large-answers.ts";
import type { MemoryReading } from "./memory-over-calls.ts";
import type { StdioFront } from "./stdio-front.ts";

/** What is measured of the bridge beside the echo of many paths. */
export interface BridgeFigures {
  readonly largeAnswers?: readonly LargeAnswer[];
  readonly memoryOverCalls?: readonly MemoryReading[];
  readonly stdioFront?: StdioFront;
}

/** For people, one line a figure. */
export function bridgeLines({ largeAnswers = [], memoryOverCalls = [], stdioFront }: BridgeFigures): readonly string[] {
  const lines = largeAnswers.map(
    ({ megabytes, pipeMs, proxyMs }) =>
      `answer of ${megabytes} MB: pipe ${pipeMs.toFixed(0)} ms, MCPProxy ${proxyMs.toFixed(0)} ms (${(proxyMs / pipeMs).toFixed(2)} ×)`,
  );
  if (memoryOverCalls.length > 0) {
    const readings = memoryOverCalls.map((reading) => (reading.residentBytes / 2 ** 20).toFixed(0));
    lines.push(`resident memory over ${memoryOverCalls.at(-1)?.calls ?? 0} calls: ${readings.join(", ")} MiB`);
  }
  if (stdioFront !== undefined) {
    const { frontMs, directMs } = stdioFront;
    const added = (frontMs - directMs).toFixed(0);
    lines.push(
      `spawn to first answer: mcpproxy stdio ${frontMs.toFixed(0)} ms, the server itself ${directMs.toFixed(0)} ms, added ${added} ms`,
    );
  }
  return lines;
}
