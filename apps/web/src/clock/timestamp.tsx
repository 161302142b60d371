"use client";

import { useClockText, useIsInBrowser } from "./clock-provider.tsx";
import { formatLocal, formatRelative, formatUtc } from "./format-time.ts";

/** A moment as its age; the exact local and UTC times show on hover and focus. */
export function Timestamp({ at }: { at: string }) {
  const atMs = Date.parse(at);
  const relative = useClockText((nowMs) => formatRelative(atMs, nowMs));
  const isInBrowser = useIsInBrowser();
  return (
    <span className="group/time relative whitespace-nowrap" tabIndex={0}>
      <time dateTime={at}>{relative}</time>
      <span role="tooltip" className="tooltip group-hover/time:block group-focus-visible/time:block">
        {isInBrowser && <span className="block">{formatLocal(atMs)}</span>}
        <span className="block">{formatUtc(atMs)}</span>
      </span>
    </span>
  );
}
