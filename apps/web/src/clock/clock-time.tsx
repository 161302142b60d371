"use client";

import { useIsInBrowser } from "./clock-provider.tsx";
import { formatClockTime, formatUtc } from "./format-time.ts";

/** A time of day, "14:02". */
export function ClockTime({ atMs }: { atMs: number }) {
  const isInBrowser = useIsInBrowser();
  return <time dateTime={new Date(atMs).toISOString()}>{isInBrowser ? formatClockTime(atMs) : formatUtc(atMs)}</time>;
}
