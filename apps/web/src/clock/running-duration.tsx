"use client";

import { formatDuration } from "@mcpproxy/core/format/duration";
import { useClockText } from "./clock-provider.tsx";

/** The time since a moment, running, in whole seconds. */
export function RunningDuration({ since }: { since: string }) {
  const sinceMs = Date.parse(since);
  const text = useClockText((nowMs) => formatDuration(Math.max(0, Math.floor((nowMs - sinceMs) / 1_000)) * 1_000));
  return <span className="whitespace-nowrap tabular-nums">{text}</span>;
}
