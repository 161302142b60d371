/** Memory plus swap, as Docker counts it: equal to the memory unless more is asked for, and never less. */
export function effectiveSwap({
  memoryLimitBytes,
  memorySwapBytes,
}: {
  readonly memoryLimitBytes: number;
  readonly memorySwapBytes?: number | undefined;
}): number {
  return Math.max(memoryLimitBytes, memorySwapBytes ?? 0);
}
