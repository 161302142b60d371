import type { Finding } from "@mcpproxy/core/plan/finding";
import { StatusBadge } from "../status/status-badge.tsx";
import { ApplyChangeButton } from "./apply-change-button.tsx";
import { severityWords } from "./severity-words.ts";

export interface FindingListProps {
  readonly server: string;
  readonly findings: readonly Finding[];
  readonly isServerRunning: boolean;
}

/** What a person should know about a server's settings, with the remedy and, where there is one, the change to apply. */
export function FindingList({ server, findings, isServerRunning }: FindingListProps) {
  return (
    <ul aria-label="Findings" className="flex flex-col text-[13px]">
      {findings.map((finding) => (
        <li
          key={`${finding.code}:${finding.message}`}
          className="grid gap-x-3 border-t border-line py-2 first:border-t-0 sm:grid-cols-[5.5rem_minmax(0,1fr)]"
        >
          <div>
            <StatusBadge status={severityWords[finding.severity]} />
          </div>
          <div className="flex min-w-0 flex-col gap-1.5 wrap-anywhere">
            <p>
              {finding.message} <span className="text-soft">{finding.remedy}</span>
            </p>
            {finding.fix !== undefined && (
              <ApplyChangeButton server={server} change={finding.fix} isServerRunning={isServerRunning}>
                Apply
              </ApplyChangeButton>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
