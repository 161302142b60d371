import type { RunSample } from "@mcpproxy/core/run/run-record";

/** As many as a chart has room for. */
export const thinnedSamplesMax = 300;

/** At most about 300 readings of the same shape: the first, the last, and the highest of each stretch between. */
export function thinSamples(samples: readonly RunSample[]): readonly RunSample[] {
  if (samples.length <= thinnedSamplesMax) return samples;
  const whole = { samples, from: 0, to: samples.length };
  const highest = [peakOf, cpuOf].map((valueOf) => highestOf({ ...whole, valueOf }));
  const kept = new Set([0, samples.length - 1, ...highest]);
  const stretches = thinnedSamplesMax - kept.size;
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = Math.floor((stretch * samples.length) / stretches);
    const to = Math.floor(((stretch + 1) * samples.length) / stretches);
    kept.add(highestOf({ samples, from, to, valueOf: ({ memoryBytes }) => memoryBytes }));
  }
  return samples.filter((_sample, index) => kept.has(index));
}

function peakOf({ memoryBytes, peakBytes }: RunSample): number {
  return Math.max(memoryBytes, peakBytes ?? 0);
}

function cpuOf({ cpuCores }: RunSample): number {
  return cpuCores ?? 0;
}

/** The index of the first highest reading of a stretch. */
function highestOf(stretch: {
  readonly samples: readonly RunSample[];
  readonly from: number;
  readonly to: number;
  valueOf(sample: RunSample): number;
}): number {
  let best = stretch.from;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let index = stretch.from; index < stretch.to; index += 1) {
    const sample = stretch.samples[index];
    if (sample === undefined || stretch.valueOf(sample) <= bestValue) continue;
    best = index;
    bestValue = stretch.valueOf(sample);
  }
  return best;
}
