import { formatBytes } from "@mcpproxy/core/format/bytes";
import { NoValue } from "./no-value.tsx";

/** A size, "64 MiB"; a dash when there is none. */
export function Bytes({ bytes }: { bytes: number | null }) {
  if (bytes === null) return <NoValue />;
  return <span className="whitespace-nowrap tabular-nums">{formatBytes(bytes)}</span>;
}
