/** Below this the counters' own grain says more than the process. */
const shortestMs = 50;

/** Turns what the kernel has counted since the start into cores in use since the reading before: 1 is one full core. */
export type CpuMeter = (usedSeconds: number | undefined, atMs: number) => number | null;

/** Creates a meter of one workload; null at the first reading, and where nothing can be read. */
export function createCpuMeter(): CpuMeter {
  let before: { readonly usedSeconds: number; readonly atMs: number } | undefined;
  return (usedSeconds, atMs) => {
    if (usedSeconds === undefined) return null;
    const since = before;
    if (since !== undefined && atMs - since.atMs < shortestMs) return null;
    before = { usedSeconds, atMs };
    if (since === undefined) return null;
    // A counter that fell belongs to another start of the container.
    const used = usedSeconds - since.usedSeconds;
    return used < 0 ? null : used / ((atMs - since.atMs) / 1_000);
  };
}
