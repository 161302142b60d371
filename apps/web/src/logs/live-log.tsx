"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "../ui/skeleton.tsx";

const LogViewer = dynamic(async () => (await import("./log-viewer.tsx")).LogViewer, {
  ssr: false,
  loading: () => <Skeleton rows={6} label="Loading the log" />,
});

/** The live log of some servers; loaded after the page, which is there without it. */
export function LiveLog({ servers }: { servers: readonly string[] }) {
  return <LogViewer key={servers.join("/")} servers={servers} />;
}
