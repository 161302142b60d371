import { formatLatency } from "@mcpproxy/core/format/latency";
import { NoValue } from "../ui/no-value.tsx";

/** How long an answer took, "8.3 ms"; a dash when there is none. */
export function Latency({ ms }: { ms: number | null }) {
  if (ms === null) return <NoValue />;
  return <span className="whitespace-nowrap tabular-nums">{formatLatency(ms)}</span>;
}
