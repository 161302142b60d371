import Link from "next/link";
import { Timestamp } from "../clock/timestamp.tsx";
import { StatusBadge } from "../status/status-badge.tsx";
import { serverStatus, verdictStatus } from "../status/status-words.ts";
import type { Overview } from "../trpc/router-types.ts";
import { Icon } from "../ui/icon.tsx";
import { Section } from "../ui/section.tsx";

type OpenGroup = Overview["openFailures"][number];

/** Servers that do not run although they should, and failures that nobody has seen to; or that there is nothing. */
export function AttentionSection({ overview }: { overview: Overview }) {
  const { openFailures, troubledServers, failureCounts } = overview;
  const more = failureCounts.open - openFailures.length;
  // What a server in trouble died of stands there already.
  const isTold = (group: OpenGroup): boolean =>
    troubledServers.some(({ lastVerdict }) => lastVerdict?.runId === group.lastRunId);
  return (
    <Section title="Needs attention now">
      {troubledServers.length === 0 && openFailures.length === 0 ? (
        <AllCalm overview={overview} />
      ) : (
        <ul className="flex flex-col">
          {troubledServers.map((server) => (
            <TroubledServer
              key={server.name}
              server={server}
              group={openFailures.find(({ lastRunId }) => lastRunId === server.lastVerdict?.runId)}
            />
          ))}
          {openFailures
            .filter((group) => !isTold(group))
            .map((group) => (
              <OpenFailure key={group.fingerprint} group={group} />
            ))}
        </ul>
      )}
      {more > 0 && (
        <p className="border-t border-line pt-2 text-[13px]">
          <Link className="link" href="/review">
            {more} more open {more === 1 ? "failure" : "failures"}
          </Link>
        </p>
      )}
    </Section>
  );
}

/** A real answer: that nothing died, or that somebody has seen to all of it; and when the last death was. */
function AllCalm({ overview: { failedToday, lastFailure } }: { overview: Overview }) {
  const failed = failedToday.reduce((sum, { runs }) => sum + runs, 0);
  return (
    <div className="flex gap-2 border-t border-line py-3 text-[13px]">
      <Icon name="check" className="mt-0.5 text-good" />
      <div>
        <p className="text-sm font-medium">
          {failed === 0
            ? "Nothing died in 24 h"
            : `Nothing is open; ${failed} ${failed === 1 ? "run" : "runs"} failed in 24 h`}
        </p>
        <p className="text-soft">
          {lastFailure === null ? (
            "No server has failed yet."
          ) : (
            <>
              The last was{" "}
              <Link className="link text-ink" href={`/runs/${lastFailure.lastRunId}`}>
                {lastFailure.server}
              </Link>
              , <Timestamp at={lastFailure.lastSeen} />: {verdictStatus({ kind: lastFailure.verdict }).label}.
            </>
          )}
        </p>
      </div>
    </div>
  );
}

interface TroubledServerProps {
  readonly server: Overview["troubledServers"][number];
  /** What it died of, when nobody has seen to that. */
  readonly group: OpenGroup | undefined;
}

function TroubledServer({ server, group }: TroubledServerProps) {
  const { name, problem } = server;
  return (
    <li className={rowClassName}>
      <span className="text-[13px]">
        <StatusBadge status={serverStatus({ ...server, enabled: true })} />
      </span>
      <div className="min-w-0">
        <Link
          data-row-link
          className="link text-sm font-medium wrap-anywhere"
          href={`/servers/${encodeURIComponent(name)}`}
        >
          {name}
        </Link>
        {problem !== null && (
          <p className="text-[13px] text-soft wrap-anywhere">
            <span className="text-ink">{problem.message}</span> {problem.remedy}{" "}
            {group !== undefined && (
              <Link className="link text-ink" href={hrefOf(group)}>
                Review
              </Link>
            )}
          </p>
        )}
      </div>
    </li>
  );
}

function OpenFailure({ group }: { group: OpenGroup }) {
  return (
    <li className={rowClassName}>
      <span className="text-[13px]">
        <StatusBadge status={verdictStatus({ kind: group.verdict })} />
      </span>
      <div className="min-w-0">
        <Link data-row-link className="link text-sm font-medium wrap-anywhere" href={hrefOf(group)}>
          {group.server}
        </Link>
        <p className="text-[13px] text-soft wrap-anywhere">
          <span className="text-ink">{group.summary}</span> {group.runs === 1 ? "Once" : `${group.runs} times`}, last{" "}
          <Timestamp at={group.lastSeen} />
          {group.hasRecurred && ", again since it was seen to"}.
        </p>
      </div>
    </li>
  );
}

function hrefOf({ server, fingerprint }: OpenGroup): string {
  return `/review?server=${encodeURIComponent(server)}#failure-${fingerprint}`;
}

const rowClassName = "grid gap-x-4 gap-y-0.5 border-t border-line py-2 sm:grid-cols-[11rem_minmax(0,1fr)]";
