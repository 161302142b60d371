import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import Link from "next/link";
import { RunningDuration } from "../clock/running-duration.tsx";
import { StatusBadge } from "../status/status-badge.tsx";
import { serverStatus } from "../status/status-words.ts";
import { DataCell } from "../ui/data-cell.tsx";
import { ImageName } from "../ui/image-name.tsx";
import { LimitsText } from "../ui/limits-text.tsx";
import { MemoryBar } from "../ui/memory-bar.tsx";
import { possibleActions } from "./possible-actions.ts";
import { LastVerdict } from "./last-verdict.tsx";
import { ServerActions } from "./server-actions.tsx";
import { ServerIsolation } from "./server-isolation.tsx";
import { hasNotes, ServerNotes } from "./server-notes.tsx";
import { NoValue } from "../ui/no-value.tsx";

export const serverColumns = [
  "Server",
  "Isolation",
  "Limits",
  "Memory",
  "Uptime",
  "Calls",
  "Last verdict",
  "Actions",
] as const;

/** One server of the table, with its problem, pull, dangers or warnings in a row below. */
export function ServerRow({ server }: { server: ServerRecord }) {
  const { run } = server;
  const noted = withoutEngineProblem(server);
  return (
    <tbody role="rowgroup">
      <tr role="row" className="data-row">
        <DataCell column="">
          <Link href={`/servers/${encodeURIComponent(server.name)}`} className="link text-sm font-medium wrap-anywhere">
            {server.name}
          </Link>
          <div>
            <StatusBadge status={serverStatus(server)} />
          </div>
        </DataCell>
        <DataCell column="Isolation" className="lg:max-w-60">
          <ServerIsolation isolation={server.isolation} />
          {run !== null && run.isolationScore !== null && (
            <div className="text-soft tabular-nums" title="Isolation score, from what is in force in the container">
              Score {run.isolationScore} of 100
            </div>
          )}
          <div className="text-soft">
            <ImageName image={server.image} builtFromHost={server.imageBuiltFromHost} />
          </div>
        </DataCell>
        <DataCell column="Limits">
          {server.isolation === "refused" ? <NoValue /> : <LimitsText limits={server.limits} />}
        </DataCell>
        <DataCell column="Memory" className="lg:w-40">
          <MemoryBar
            label={`Memory of ${server.name}`}
            bytes={run?.memoryBytes ?? null}
            limitBytes={server.limits.memoryBytes}
          />
        </DataCell>
        <DataCell column="Uptime" className="lg:w-20">
          {run === null || run.readyAt === null ? <NoValue /> : <RunningDuration since={run.readyAt} />}
        </DataCell>
        <DataCell column="Calls" className="lg:w-22">
          <CallCounts run={run} />
        </DataCell>
        <DataCell column="Last verdict" className="lg:w-44">
          <LastVerdict last={server.lastVerdict} />
        </DataCell>
        <DataCell column="Actions" className="lg:w-40">
          {possibleActions(server.state).length > 0 && <ServerActions server={server} />}
        </DataCell>
      </tr>
      {hasNotes(noted) && (
        <tr role="row" className="note-row">
          <td role="cell" colSpan={serverColumns.length}>
            <ServerNotes server={noted} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** One banner on top of the page says that the engine is away; each row need not. */
function withoutEngineProblem(server: ServerRecord): ServerRecord {
  return server.problem?.code === "engine_unavailable" ? { ...server, problem: null } : server;
}

function CallCounts({ run }: { run: ServerRecord["run"] }) {
  if (run === null) return <NoValue />;
  return (
    <span className="whitespace-nowrap tabular-nums">
      {run.callsTotal}
      {run.callsInFlight > 0 && <span className="block text-soft">{run.callsInFlight} in flight</span>}
    </span>
  );
}
