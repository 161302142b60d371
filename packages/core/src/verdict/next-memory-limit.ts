import { memoryStepFrom } from "./memory-step.ts";

/**
 * The next step of memory_limit that is at least twice the limit a run died at: its true need is unknown.
 * @param limitBytes the limit that was not enough
 */
export function nextMemoryLimit(limitBytes: number): string {
  return memoryStepFrom(2 * limitBytes).setting;
}
