import { formatDuration } from "@mcpproxy/core/format/duration";
import { NoValue } from "../ui/no-value.tsx";

/** A length of time, "9m 56s"; a dash when there is none. */
export function Duration({ ms }: { ms: number | null }) {
  if (ms === null) return <NoValue />;
  return <span className="whitespace-nowrap tabular-nums">{formatDuration(ms)}</span>;
}
