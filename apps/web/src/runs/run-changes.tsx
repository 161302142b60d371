"use client";

import { useState, type ReactNode } from "react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { RunChangesData } from "../trpc/router-types.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Section } from "../ui/section.tsx";

const targets = { previous: "Run before", "last-good": "Last good run" } as const;
type Target = keyof typeof targets;
const targetNames = ["previous", "last-good"] as const satisfies readonly Target[];

/** What was changed since an earlier run of the server; nothing at all for the first run of one. */
export function RunChanges({ id }: { id: string }) {
  const trpc = useTrpc();
  const [target, setTarget] = useState<Target>("previous");
  const { data } = useQuery(
    // The first answer is fetched with the page, under the input that it has by default.
    trpc.runs.changes.queryOptions(target === "previous" ? { id } : { id, against: target }, {
      placeholderData: keepPreviousData,
    }),
  );
  if (data === undefined || (target === "previous" && data.against === null)) return null;
  return (
    <Section
      title="Changes"
      aside={
        <label className="flex items-center gap-2 text-xs text-soft">
          <span>since</span>
          <select
            className="field"
            value={target}
            onChange={({ currentTarget }) =>
              setTarget(targetNames.find((name) => name === currentTarget.value) ?? "previous")
            }
          >
            {targetNames.map((name) => (
              <option key={name} value={name}>
                {targets[name].toLowerCase()}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <ChangeList data={data} target={target} />
      {data.against !== null && (
        <Link className="link mt-2 inline-block text-xs text-soft" href={`/runs/${data.against.id}`}>
          {targets[target]}
        </Link>
      )}
    </Section>
  );
}

function ChangeList({ data, target }: { data: RunChangesData; target: Target }) {
  if (data.against === null) return <Quiet>No run before this one ended well.</Quiet>;
  if (!data.isKnown) return <Quiet>What one of the two was started from is not known.</Quiet>;
  if (data.changes.length === 0)
    return <Quiet>Nothing: it was started like the {targets[target].toLowerCase()}.</Quiet>;
  return (
    <ul className="flex flex-col gap-1 text-[13px]">
      {data.changes.map(({ field, label, before, after }) => (
        <li key={field} className="wrap-anywhere">
          {label} <span className="text-soft">{before ?? "not set"}</span> →{" "}
          <span className="font-medium">{after ?? "not set"}</span>
        </li>
      ))}
    </ul>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return <p className="text-[13px] text-soft">{children}</p>;
}
