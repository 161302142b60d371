const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
/** From half a gibibyte on there is a step between each doubling: 512m, 768m, 1g, 1.5g, 2g, 3g, 4g. */
const halfStepsFromBytes = 512 * mebibyte;
const smallestStepBytes = 32 * mebibyte;

/** A step of memory_limit, in bytes and as it is written in the config file. */
export interface MemoryStep {
  readonly bytes: number;
  readonly setting: string;
}

/**
 * The smallest step of memory_limit that is not below what is needed.
 * @param neededBytes what the limit must at least be
 */
export function memoryStepFrom(neededBytes: number): MemoryStep {
  let stepBytes = smallestStepBytes;
  while (stepBytes < neededBytes) {
    const middleBytes = 1.5 * stepBytes;
    if (stepBytes >= halfStepsFromBytes && middleBytes >= neededBytes) return toStep(middleBytes);
    stepBytes *= 2;
  }
  return toStep(stepBytes);
}

function toStep(bytes: number): MemoryStep {
  return { bytes, setting: bytes >= gibibyte ? `${bytes / gibibyte}g` : `${bytes / mebibyte}m` };
}
