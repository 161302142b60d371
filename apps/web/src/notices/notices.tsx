"use client";

import { useQuery } from "@tanstack/react-query";
import type { ConfigIssueRecord, EngineStatus } from "@mcpproxy/core/run/server-record";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Timestamp } from "../clock/timestamp.tsx";
import { Banner } from "../ui/banner.tsx";
import { ConfigIssueList } from "./config-issue-list.tsx";

/** What is wrong with the config file or the engine, on top of the servers. */
export function Notices() {
  const status = useQuery(useTrpc().status.queryOptions()).data;
  if (status === undefined) return null;
  return (
    <>
      <EngineNotice engine={status.engine} />
      {status.problems.map(({ message, since }) => (
        <Banner key={message} tone="bad" title={message}>
          Since <Timestamp at={since} />.
        </Banner>
      ))}
      <ConfigNotice tone="bad" noun="error" issues={status.configIssues} />
      <ConfigNotice tone="warning" noun="warning" issues={status.configWarnings} />
    </>
  );
}

/** What is wrong with the engine; nothing when all is well. */
export function EngineNotice({ engine }: { engine: EngineStatus }) {
  if (engine.problem !== null) {
    return (
      <Banner tone="bad" title={engine.problem.message}>
        {engine.problem.remedy}{" "}
        <span className="block text-xs">
          {engine.context === "DOCKER_HOST" ? "DOCKER_HOST" : `Context ${engine.context}`},{" "}
          <code>{engine.endpoint}</code>
        </span>
      </Banner>
    );
  }
  if (engine.warnings.length === 0) return null;
  return (
    <Banner tone="warning" title={`Docker ${engine.version ?? ""} does not enforce everything`}>
      <ul>
        {engine.warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </Banner>
  );
}

function ConfigNotice({
  tone,
  noun,
  issues,
}: {
  tone: "bad" | "warning";
  noun: string;
  issues: readonly ConfigIssueRecord[];
}) {
  if (issues.length === 0) return null;
  return (
    <Banner tone={tone} title={`${issues.length} ${noun}${issues.length === 1 ? "" : "s"} in the config file`}>
      <ConfigIssueList issues={issues} />
    </Banner>
  );
}
