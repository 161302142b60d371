"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { useTrpc } from "../trpc/trpc-context.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";
import { FindingList } from "./finding-list.tsx";
import { IsolationScore } from "./isolation-score.tsx";
import { scoredRunId } from "./scored-run-id.ts";

/** How well a server is isolated: the score of its run, and what to know about its settings. */
export function IsolationSection({ server }: { server: ServerRecord }) {
  const id = scoredRunId(server);
  const run = useQuery(useTrpc().runs.byId.queryOptions(id === undefined ? skipToken : { id })).data;
  const report = run?.isolationReport ?? null;
  return (
    <Section
      title="Isolation"
      aside={
        report !== null && (
          <span className="text-xs text-soft">
            {server.run === null ? "Measured in the last run" : "Measured in the current run"}
          </span>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {report === null ? (
          <EmptyState kind="not-applicable" title={whyNoScore(server)} />
        ) : (
          <IsolationScore report={report} />
        )}
        {server.findings.length > 0 && (
          <FindingList server={server.name} findings={server.findings} isServerRunning={server.run !== null} />
        )}
      </div>
    </Section>
  );
}

function whyNoScore({ isolation }: ServerRecord): string {
  switch (isolation) {
    case "docker":
      return "No score yet: it comes from what the engine says about a running container.";
    case "none":
      return "No score: MCPProxy puts no container around this server.";
    case "remote":
      return "No score: a remote server runs somewhere else, not isolated by MCPProxy.";
    case "refused":
      return "No score: the server is not run.";
    default:
      return isolation satisfies never;
  }
}
