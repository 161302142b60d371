"use client";

import Link from "next/link";
import { RunList } from "../run-list/run-list.tsx";
import { printRunFilter } from "../run-list/run-filter.ts";
import { Section } from "../ui/section.tsx";

const visibleRuns = 40;

/** The newest runs of a server. */
export function ServerRuns({ name }: { name: string }) {
  const filter = { server: [name] };
  return (
    <Section
      title="Last runs"
      aside={
        <Link className="link text-[13px]" href={`/runs${printRunFilter(filter)}`}>
          All runs of {name}
        </Link>
      }
    >
      <RunList filter={filter} visibleRuns={visibleRuns} />
    </Section>
  );
}
