"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Section } from "../ui/section.tsx";

/** What was changed since the run before; nothing at all where that is not known. */
export function RunChanges({ id }: { id: string }) {
  const { data } = useQuery(useTrpc().runs.changes.queryOptions({ id }));
  if (data === undefined || data.against === null || !data.isKnown) return null;
  return (
    <Section
      title="Changes"
      aside={
        <Link className="link text-[13px]" href={`/runs/${data.against.id}`}>
          Run before
        </Link>
      }
    >
      {data.changes.length === 0 ? (
        <p className="text-[13px] text-soft">Nothing: it was started like the run before.</p>
      ) : (
        <ul className="flex flex-col gap-1 text-[13px]">
          {data.changes.map(({ field, label, before, after }) => (
            <li key={field} className="wrap-anywhere">
              {label} <span className="text-soft">{before ?? "not set"}</span> →{" "}
              <span className="font-medium">{after ?? "not set"}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
