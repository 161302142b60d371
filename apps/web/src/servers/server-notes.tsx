import type { Finding } from "@mcpproxy/core/plan/finding";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { severityWords } from "../isolation/severity-words.ts";
import { toneText } from "../status/status-badge.tsx";
import { Icon } from "../ui/icon.tsx";
import { PullState } from "./pull-state.tsx";

/** Whether a server has anything to say below its row. */
export function hasNotes(server: ServerRecord): boolean {
  return server.problem !== null || server.pull !== null || notedFindings(server).length > 0;
}

/** A server's problem with its remedy, a running pull, dangers and warnings. */
export function ServerNotes({ server }: { server: ServerRecord }) {
  return (
    <div className="flex flex-col gap-2 wrap-anywhere">
      {server.problem !== null && <ServerProblem problem={server.problem} />}
      {server.pull !== null && <PullState pull={server.pull} />}
      {notedFindings(server).map((finding) => (
        <FindingNote key={`${finding.code}:${finding.message}`} finding={finding} />
      ))}
    </div>
  );
}

/** Hints are for the server's own page. */
function notedFindings({ findings }: ServerRecord): readonly Finding[] {
  return findings.filter(({ severity }) => severity !== "hint");
}

function FindingNote({ finding: { severity, message } }: { finding: Finding }) {
  const { icon, label, tone } = severityWords[severity];
  return (
    <p className="flex gap-1.5 text-soft">
      <Icon name={icon} className={`mt-0.5 size-3.5 ${toneText[tone]}`} />
      <span className="min-w-0">
        {severity === "danger" && <span className={`font-medium ${toneText[tone]}`}>{label}: </span>}
        {message}
      </span>
    </p>
  );
}

function ServerProblem({ problem }: { problem: NonNullable<ServerRecord["problem"]> }) {
  // Somebody switched it off on purpose: a word of explanation, no alarm.
  if (problem.code === "server_disabled") return <p className="text-soft">{problem.remedy}</p>;
  return (
    <p className="flex gap-1.5 rounded-md bg-bad-tint px-2.5 py-1.5">
      <Icon name="cross" className="mt-0.5 size-3.5 text-bad" />
      <span className="min-w-0">
        {problem.message} <span className="text-soft">{problem.remedy}</span>
      </span>
    </p>
  );
}
