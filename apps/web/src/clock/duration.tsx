import { formatDuration } from "@mcpproxy/core/format/duration";

/** A length of time, "9m 56s"; a dash when there is none. */
export function Duration({ ms }: { ms: number | null }) {
  if (ms === null) return <span className="text-soft">–</span>;
  return <span className="whitespace-nowrap tabular-nums">{formatDuration(ms)}</span>;
}
