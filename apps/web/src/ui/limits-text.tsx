import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { formatBytes } from "@mcpproxy/core/format/bytes";

/** Limits in two short lines: what it may use, and what it may reach. */
export function LimitsText({ limits }: { limits: RunRecord["limits"] }) {
  const uses = [
    limits.memoryBytes === null ? undefined : formatBytes(limits.memoryBytes),
    limits.cpus === null ? undefined : `${limits.cpus} CPU${limits.cpus === 1 ? "" : "s"}`,
  ].filter((part) => part !== undefined);
  const reaches = [
    limits.pids === null ? undefined : `${limits.pids} pids`,
    limits.network === null ? undefined : `network ${limits.network}`,
  ].filter((part) => part !== undefined);
  if (uses.length === 0 && reaches.length === 0) return <span className="text-soft">None</span>;
  return (
    <span className="tabular-nums">
      <span className="block whitespace-nowrap">{uses.join(", ")}</span>
      <span className="block whitespace-nowrap text-soft">{reaches.join(", ")}</span>
    </span>
  );
}
