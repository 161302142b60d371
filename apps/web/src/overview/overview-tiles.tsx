"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { printRunFilter } from "../run-list/run-filter.ts";
import { toneText } from "../status/status-badge.tsx";
import type { Tone } from "../status/status-words.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import type { Overview } from "../trpc/router-types.ts";
import { crashKinds, memoryKinds, startKinds } from "./failure-families.ts";

interface Tile {
  readonly label: string;
  readonly count: number;
  readonly of?: number;
  readonly href: string;
  /** Of a count that is not 0. */
  readonly tone: Tone;
}

/** Figures that lead to the list behind them. */
export function OverviewTiles({ overview }: { overview: Overview }) {
  const servers = useQuery(useTrpc().servers.list.queryOptions()).data ?? [];
  const countOf = (kinds: readonly string[]): number =>
    overview.failedToday.reduce((sum, { value, runs }) => sum + (kinds.includes(value) ? runs : 0), 0);
  const tiles: readonly Tile[] = [
    { label: "Open failures", count: overview.failureCounts.open, href: "/review", tone: "bad" },
    {
      label: "Out of memory, 24 h",
      count: countOf(memoryKinds),
      href: `/runs${printRunFilter({ verdict: memoryKinds, last: "24h" })}`,
      tone: "bad",
    },
    {
      label: "Crashed, 24 h",
      count: countOf(crashKinds),
      href: `/runs${printRunFilter({ verdict: crashKinds, last: "24h" })}`,
      tone: "bad",
    },
    {
      label: "Did not start, 24 h",
      count: countOf(startKinds),
      href: `/runs${printRunFilter({ verdict: startKinds, last: "24h" })}`,
      tone: "bad",
    },
    {
      label: "Servers ready",
      count: servers.filter(({ state }) => state === "ready").length,
      of: servers.filter(({ enabled }) => enabled).length,
      href: "/servers",
      tone: "good",
    },
  ];
  return (
    <ul aria-label="Figures" className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-5">
      {tiles.map(({ label, count, of, href, tone }) => (
        <li key={label}>
          <Link href={href} className="flex h-full flex-col rounded-md bg-sunken px-3 py-2 hover:bg-sunken-strong">
            <span className={`text-xl font-semibold tracking-tight tabular-nums ${count === 0 ? "" : toneText[tone]}`}>
              {count}
              {of !== undefined && <span className="text-soft"> of {of}</span>}
            </span>
            <span className="text-xs text-soft">{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
