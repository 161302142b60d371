"use client";

import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import type { SettingDescription } from "@mcpproxy/core/plan/describe-settings";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Section } from "../ui/section.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { notableSettings } from "./notable-settings.ts";
import { SettingsTable } from "./settings-table.tsx";

/** The isolation settings of a server, and where each comes from. */
export function SettingsSection({ name }: { name: string }) {
  const query = useQuery(useTrpc().servers.plan.queryOptions({ name }));
  const [isShowingAll, setIsShowingAll] = useState(false);
  const settings = query.data?.settings;
  return (
    <Section
      title="Settings"
      aside={
        settings !== undefined && (
          <Button onClick={() => setIsShowingAll(!isShowingAll)}>
            {isShowingAll ? "Only those that are set" : `All ${settings.length} settings`}
          </Button>
        )
      }
    >
      {settings === undefined && query.isError && (
        <QueryFailure what="the settings" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {settings === undefined && !query.isError && <Skeleton rows={3} label="Loading the settings" />}
      {settings !== undefined && <ShownSettings settings={isShowingAll ? settings : notableSettings(settings)} />}
    </Section>
  );
}

function ShownSettings({ settings }: { settings: readonly SettingDescription[] }) {
  if (settings.length === 0)
    return <EmptyState kind="not-applicable" title="Nothing is set: every setting has its default." />;
  return <SettingsTable settings={settings} />;
}
