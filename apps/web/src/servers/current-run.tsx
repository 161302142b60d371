import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import Link from "next/link";
import { RunningDuration } from "../clock/running-duration.tsx";
import { Timestamp } from "../clock/timestamp.tsx";
import { serverStatus } from "../status/status-words.ts";
import { Bytes } from "../ui/bytes.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { FactList } from "../ui/fact-list.tsx";
import { MemoryBar } from "../ui/memory-bar.tsx";
import { Section } from "../ui/section.tsx";

/** The run of a server that goes on now. */
export function CurrentRun({ server }: { server: ServerRecord }) {
  const { run } = server;
  if (run === null) {
    return (
      <Section title="Current run">
        <EmptyState kind="not-applicable" title={serverStatus(server).description} />
        <WhatIsNext server={server} />
      </Section>
    );
  }
  return (
    <Section
      title="Current run"
      aside={
        <Link className="link text-[13px]" href={`/runs/${run.id}`}>
          Open the run
        </Link>
      }
    >
      <FactList
        facts={[
          { name: "Started", value: <Timestamp at={run.startedAt} /> },
          { name: "Uptime", value: run.readyAt === null ? "Not ready yet" : <RunningDuration since={run.readyAt} /> },
          {
            name: "Memory",
            value: <MemoryBar label="Memory" bytes={run.memoryBytes} limitBytes={server.limits.memoryBytes} />,
          },
          { name: "Peak memory", value: <Bytes bytes={run.peakMemoryBytes} /> },
          { name: "Container", value: run.containerName === null ? "–" : <code>{run.containerName}</code> },
          ...(server.runs > 1
            ? [{ name: "Runs", value: `${server.runs}, one for each session; this is the newest` }]
            : []),
          { name: "Sessions", value: run.sessions },
          {
            name: "Calls",
            value: run.callsInFlight === 0 ? run.callsTotal : `${run.callsTotal}, ${run.callsInFlight} in flight`,
          },
        ]}
      />
    </Section>
  );
}

/** When and how a server without a run goes on. */
function WhatIsNext({ server }: { server: ServerRecord }) {
  if (server.heldBy !== null) return <p className="text-[13px] text-soft">Stopped by {server.heldBy}.</p>;
  if (server.nextTryAt === null) return null;
  return (
    <p className="text-[13px] text-soft">
      Attempt {server.attempt} is due <Timestamp at={server.nextTryAt} />.
    </p>
  );
}
