const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Bytes for people, in binary units: "64 MiB", "1.5 GiB". */
export function formatBytes(bytes: number): string {
  const magnitude = Math.abs(bytes) < 1 ? 0 : Math.floor(Math.log2(Math.abs(bytes)) / 10);
  // 1023.96 KiB rounds to 1024: show the next unit then.
  const index = Math.min(magnitude, units.length - 1);
  const rounded = roundTo(bytes / 1024 ** index);
  const isFull = Math.abs(rounded) >= 1024 && index < units.length - 1;
  return isFull ? `${roundTo(rounded / 1024)} ${units[index + 1]}` : `${rounded} ${units[index]}`;
}

function roundTo(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
}
