import Link from "next/link";
import { printRunFilter } from "../run-list/run-filter.ts";
import { StatusBadge } from "../status/status-badge.tsx";
import { serverStatus } from "../status/status-words.ts";
import type { Overview } from "../trpc/router-types.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";
import { RunStrip } from "./run-strip.tsx";
import { describeStrip } from "./strip-marks.ts";

/** How the last runs of each server ended. */
export function StripsSection({ servers }: { servers: Overview["servers"] }) {
  return (
    <Section title="Last 40 runs of each server">
      {servers.length === 0 ? (
        <EmptyState kind="nothing-yet" title="No servers are configured">
          Add one under <code>mcpServers</code> in the config file; it shows up here when the file is saved.
        </EmptyState>
      ) : (
        <ul className="flex flex-col">
          {servers.map((server) => (
            <li
              key={server.name}
              className="grid items-center gap-x-4 gap-y-1 border-t border-line py-2 text-[13px] md:grid-cols-[minmax(0,14rem)_20rem_minmax(0,1fr)]"
            >
              <div className="min-w-0">
                <Link
                  data-row-link
                  className="link text-sm font-medium wrap-anywhere"
                  href={`/servers/${encodeURIComponent(server.name)}`}
                >
                  {server.name}
                </Link>
                <div>
                  <StatusBadge status={serverStatus(server)} />
                </div>
              </div>
              <RunStrip server={server} />
              <Link className="link text-xs text-soft" href={`/runs${printRunFilter({ server: [server.name] })}`}>
                {describeStrip(server.runs)}
                <span className="sr-only"> of {server.name}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
