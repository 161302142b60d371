/** Exact bytes in Docker's largest unit that divides them: 512m, 1536m, 1000000b. */
export function dockerSize(bytes: number): string {
  const units = [
    ["g", 1024 ** 3],
    ["m", 1024 ** 2],
    ["k", 1024],
  ] as const;
  const unit = units.find(([, size]) => bytes > 0 && bytes % size === 0);
  return unit === undefined ? `${bytes}b` : `${bytes / unit[1]}${unit[0]}`;
}
