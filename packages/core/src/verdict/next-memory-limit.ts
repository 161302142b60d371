const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
/** From half a gibibyte on there is a step between each doubling: 512m, 768m, 1g, 1.5g, 2g, 3g, 4g. */
const halfStepsFromBytes = 512 * mebibyte;
const smallestStepBytes = 32 * mebibyte;

/**
 * The next step of memory_limit that is at least twice the limit a run died at: its true need is unknown.
 * @param limitBytes the limit that was not enough
 */
export function nextMemoryLimit(limitBytes: number): string {
  const neededBytes = 2 * limitBytes;
  let stepBytes = smallestStepBytes;
  while (stepBytes < neededBytes) {
    const middleBytes = 1.5 * stepBytes;
    if (stepBytes >= halfStepsFromBytes && middleBytes >= neededBytes) return toSetting(middleBytes);
    stepBytes *= 2;
  }
  return toSetting(stepBytes);
}

function toSetting(bytes: number): string {
  return bytes >= gibibyte ? `${bytes / gibibyte}g` : `${bytes / mebibyte}m`;
}
