import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { RunSample } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import { parseStoredJson } from "./stored-json.ts";

const thousandth = 1_000;

/** Columns, each value as the difference to the one before: they compress to a few bytes per reading. */
const columnsSchema = z.object({
  atMs: z.array(z.number()),
  memoryBytes: z.array(z.number()),
  /** -1 where the kernel's peak was not readable. */
  peakBytes: z.array(z.number()),
  /** Thousandths of a core, -1 where not readable; missing in readings of earlier versions. */
  cpuMilliCores: z.array(z.number()).exactOptional(),
});

export function packSamples(samples: readonly RunSample[]): Uint8Array<ArrayBuffer> {
  const columns: z.infer<typeof columnsSchema> = {
    atMs: differences(samples.map(({ at }) => Date.parse(at))),
    memoryBytes: differences(samples.map(({ memoryBytes }) => memoryBytes)),
    peakBytes: differences(samples.map(({ peakBytes }) => peakBytes ?? -1)),
    cpuMilliCores: differences(
      samples.map(({ cpuCores }) => (cpuCores === null ? -1 : Math.round(cpuCores * thousandth))),
    ),
  };
  return new Uint8Array(deflateRawSync(JSON.stringify(columns)));
}

/** Throws a StoreError when the bytes were not packed by packSamples. */
export function unpackSamples(runId: string, packed: Uint8Array): readonly RunSample[] {
  const text = inflateRawSync(packed).toString("utf8");
  const columns = parseStoredJson({ schema: columnsSchema, text, place: { runId, column: "samples" } });
  const memoryBytes = sums(columns.memoryBytes);
  const peakBytes = sums(columns.peakBytes);
  const cpuMilliCores = sums(columns.cpuMilliCores ?? []);
  return sums(columns.atMs).map((atMs, index) => {
    const peak = peakBytes[index] ?? -1;
    const cpu = cpuMilliCores[index] ?? -1;
    return {
      at: new Date(atMs).toISOString(),
      memoryBytes: memoryBytes[index] ?? 0,
      peakBytes: peak < 0 ? null : peak,
      cpuCores: cpu < 0 ? null : cpu / thousandth,
    };
  });
}

function differences(values: readonly number[]): number[] {
  return values.map((value, index) => value - (values[index - 1] ?? 0));
}

function sums(values: readonly number[]): readonly number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}
