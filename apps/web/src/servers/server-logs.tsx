"use client";

import { LiveLog } from "../logs/live-log.tsx";

/** The live log of one server. */
export function ServerLogs({ name }: { name: string }) {
  return <LiveLog servers={[name]} />;
}
