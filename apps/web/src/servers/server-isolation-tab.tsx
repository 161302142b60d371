"use client";

import dynamic from "next/dynamic";
import { IsolationSection } from "../isolation/isolation-section.tsx";
import { SettingsSection } from "../isolation/settings-section.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useServer } from "./use-server.ts";

const IsolationEditor = dynamic(async () => (await import("../isolation/isolation-editor.tsx")).IsolationEditor, {
  ssr: false,
  loading: () => <Skeleton rows={4} label="Loading the editor" />,
});

/** How a server is isolated, by which settings, and how to change them. */
export function ServerIsolationTab({ name }: { name: string }) {
  const server = useServer(name);
  if (server === undefined) return null;
  return (
    <div className="flex flex-col gap-8">
      <IsolationSection server={server} />
      <SettingsSection name={name} />
      <IsolationEditor key={name} server={server} />
    </div>
  );
}
