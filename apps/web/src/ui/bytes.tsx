import { formatBytes } from "@mcpproxy/core/format/bytes";

/** A size, "64 MiB"; a dash when there is none. */
export function Bytes({ bytes }: { bytes: number | null }) {
  if (bytes === null) return <span className="text-soft">–</span>;
  return <span className="whitespace-nowrap tabular-nums">{formatBytes(bytes)}</span>;
}
