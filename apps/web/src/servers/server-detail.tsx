"use client";

import { useQuery } from "@tanstack/react-query";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import Link from "next/link";
import { DangerFlags } from "../isolation/danger-flags.tsx";
import { dangersOfFindings } from "../isolation/danger-words.ts";
import { ExaminationSection } from "../isolation/examination-section.tsx";
import { IsolationSection } from "../isolation/isolation-section.tsx";
import { SettingsSection } from "../isolation/settings-section.tsx";
import { RunList } from "../run-list/run-list.tsx";
import { printRunFilter } from "../run-list/run-filter.ts";
import { Breadcrumb } from "../shell/breadcrumb.tsx";
import { PageHeading } from "../shell/page-heading.tsx";
import { StatusBadge } from "../status/status-badge.tsx";
import { serverStatus } from "../status/status-words.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Section } from "../ui/section.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { CurrentRun } from "./current-run.tsx";
import { LastVerdict } from "./last-verdict.tsx";
import { LogTail } from "./log-tail.tsx";
import { ServerActions } from "./server-actions.tsx";
import { ServerFacts } from "./server-facts.tsx";
import { hasNotes, ServerNotes } from "./server-notes.tsx";

/** Everything about one server. */
export function ServerDetail({ name }: { name: string }) {
  const query = useQuery(useTrpc().servers.byName.queryOptions({ name }));
  const server = query.data;
  return (
    <div>
      <Breadcrumb href="/servers" label="Servers" here={name} />
      <PageHeading aside={server && <ServerActions server={server} />}>{name}</PageHeading>
      {server === undefined && query.isError && (
        <QueryFailure what={`the server ${name}`} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {server === undefined && !query.isError && <Skeleton rows={6} label="Loading the server" />}
      {server !== undefined && <ServerContent server={server} />}
    </div>
  );
}

function ServerContent({ server }: { server: ServerRecord }) {
  const { name } = server;
  // The section about isolation has the findings, with what to do.
  const noted = { ...server, findings: [] };
  return (
    <div className="flex flex-col gap-8">
      <div className="flex flex-col gap-3 text-[13px]">
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
      <div className="grid gap-8 lg:grid-cols-2">
        <CurrentRun server={server} />
        <ServerFacts server={server} />
      </div>
      <IsolationSection server={server} />
      <SettingsSection name={name} />
      <ExaminationSection key={name} server={server} />
      <Section
        title="Last runs"
        aside={
          <Link className="link text-[13px]" href={`/runs${printRunFilter({ server: [name] })}`}>
            All runs of {name}
          </Link>
        }
      >
        <RunList filter={{ server: [name] }} visibleRuns={10} />
      </Section>
      <LogTail name={name} />
    </div>
  );
}
