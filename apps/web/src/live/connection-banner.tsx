"use client";

import { ClockTime } from "../clock/clock-time.tsx";
import { Banner } from "../ui/banner.tsx";
import { useLiveState } from "./live-provider.tsx";

/** Says on top of every page that the proxy cannot be reached; goes by itself when it is back. */
export function ConnectionBanner() {
  const state = useLiveState();
  if (state.kind !== "reconnecting") return null;
  return (
    <Banner
      tone="warning"
      title={
        <>
          Cannot reach MCPProxy since <ClockTime atMs={state.sinceMs} />, retrying
        </>
      }
    >
      Nothing below changes until it is back. See that <code>npm start</code> or <code>mcpproxy serve</code> runs; the
      page recovers by itself.
    </Banner>
  );
}
