"use client";

import Link from "next/link";
import { useRef, useState, type KeyboardEvent } from "react";
import type { Overview } from "../trpc/router-types.ts";
import { describeStripRun, stripMark } from "./strip-marks.ts";

/** A link for each of the last runs, the newest at the right. One stop of the Tab key; the arrows go from run to run. */
export function RunStrip({ server }: { server: Overview["servers"][number] }) {
  const list = useRef<HTMLOListElement>(null);
  const [stopId, setStopId] = useState<string>();
  const { runs } = server;
  if (runs.length === 0) return <span className="h-6 text-soft max-md:hidden" />;
  const stop = runs.some(({ id }) => id === stopId) ? stopId : runs.at(-1)?.id;
  const move = (event: KeyboardEvent): void => {
    const links = [...(list.current?.querySelectorAll("a") ?? [])];
    const target = links.at(targetIndex(event.key, { present: links.indexOf(focusedIn(links)), count: links.length }));
    if (target === undefined || !movingKeys.includes(event.key)) return;
    event.preventDefault();
    target.focus();
  };
  return (
    <ol ref={list} aria-label={`Last runs of ${server.name}`} className="flex h-6">
      {runs.map((run) => (
        <li key={run.id}>
          <Link
            href={`/runs/${run.id}`}
            prefetch={false}
            aria-label={describeStripRun(run)}
            title={describeStripRun(run)}
            tabIndex={run.id === stop ? 0 : -1}
            onFocus={() => setStopId(run.id)}
            onKeyDown={move}
            className="block h-6 w-2 hover:bg-sunken-strong"
          >
            <svg viewBox="0 0 8 24" aria-hidden className="h-6 w-2">
              <rect
                x="1"
                y={stripMark(run).top}
                width="6"
                height={24 - stripMark(run).top}
                rx="1"
                className={stripMark(run).className}
              />
            </svg>
          </Link>
        </li>
      ))}
    </ol>
  );
}

const movingKeys: readonly string[] = ["ArrowLeft", "ArrowRight", "Home", "End"];

function targetIndex(key: string, { present, count }: { readonly present: number; readonly count: number }): number {
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, present - 1);
    case "ArrowRight":
      return Math.min(count - 1, present + 1);
    case "Home":
      return 0;
    default:
      return count - 1;
  }
}

function focusedIn(links: readonly HTMLAnchorElement[]): HTMLAnchorElement {
  const focused = links.find((link) => link === document.activeElement) ?? links.at(-1);
  if (focused === undefined) throw new Error("A strip without runs has no keys");
  return focused;
}
