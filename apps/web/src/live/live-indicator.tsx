"use client";

import { ClockTime } from "../clock/clock-time.tsx";
import { useLiveState } from "./live-provider.tsx";

/** Says whether what the page shows is kept up to date right now. */
export function LiveIndicator() {
  const state = useLiveState();
  return (
    <span role="status" className="inline-flex items-center gap-1.5 whitespace-nowrap text-xs text-soft">
      <span
        aria-hidden
        className={`size-2 rounded-full ${state.kind === "live" ? "bg-good" : "border-2 border-warning"}`}
      />
      {state.kind === "live" && "Live"}
      {state.kind === "connecting" && "Connecting"}
      {state.kind === "reconnecting" && (
        <span>
          Reconnecting
          <span className="max-sm:hidden">
            {" "}
            since <ClockTime atMs={state.sinceMs} />
          </span>
        </span>
      )}
    </span>
  );
}
