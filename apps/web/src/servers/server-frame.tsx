"use client";

import { useQuery } from "@tanstack/react-query";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import type { ReactNode } from "react";
import { DangerFlags } from "../isolation/danger-flags.tsx";
import { dangersOfFindings } from "../isolation/danger-words.ts";
import { Breadcrumb } from "../shell/breadcrumb.tsx";
import { PageHeading } from "../shell/page-heading.tsx";
import { StatusBadge } from "../status/status-badge.tsx";
import { serverStatus } from "../status/status-words.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { LastVerdict } from "./last-verdict.tsx";
import { MoreActions } from "./more-actions.tsx";
import { ServerActions } from "./server-actions.tsx";
import { hasNotes, ServerNotes } from "./server-notes.tsx";
import { ServerTabs, type ServerTabId } from "./server-tabs.tsx";

export interface ServerFrameProps {
  readonly name: string;
  readonly tab: ServerTabId;
  readonly children: ReactNode;
}

/** What every part of a server's page has: its name, how it does, what to do with it, and the other parts. */
export function ServerFrame({ name, tab, children }: ServerFrameProps) {
  const query = useQuery(useTrpc().servers.byName.queryOptions({ name }));
  const server = query.data;
  return (
    <div>
      <Breadcrumb href="/servers" label="Servers" here={name} />
      <PageHeading
        aside={
          server && (
            <div className="flex flex-wrap items-start gap-1.5">
              <ServerActions server={server} />
              <MoreActions server={server} />
            </div>
          )
        }
      >
        {name}
      </PageHeading>
      {server !== undefined && <ServerState server={server} />}
      <ServerTabs name={name} present={tab} />
      {server === undefined && query.isError && (
        <QueryFailure what={`the server ${name}`} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {server === undefined && !query.isError && <Skeleton rows={6} label="Loading the server" />}
      {server !== undefined && children}
    </div>
  );
}

function ServerState({ server }: { server: ServerRecord }) {
  // The part about isolation has the findings, with what to do.
  const noted = { ...server, findings: [] };
  return (
    <div className="mb-3 flex flex-col gap-3 text-[13px]">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <StatusBadge status={serverStatus(server)} />
        {server.lastVerdict !== null && (
          <div className="flex gap-2">
            <span className="text-soft">Last verdict</span>
            <LastVerdict last={server.lastVerdict} />
          </div>
        )}
      </div>
      <DangerFlags dangers={dangersOfFindings(server.findings)} />
      {hasNotes(noted) && <ServerNotes server={noted} />}
    </div>
  );
}
