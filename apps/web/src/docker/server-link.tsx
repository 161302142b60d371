"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { DangerFlags } from "../isolation/danger-flags.tsx";
import { dangersOfFindings } from "../isolation/danger-words.ts";
import { useTrpc } from "../trpc/trpc-context.ts";

/** The way to a server's page, with its red flags; plain text when it is no longer configured. */
export function ServerLink({ name }: { name: string }) {
  const servers = useQuery(useTrpc().servers.list.queryOptions()).data;
  const server = servers?.find((one) => one.name === name);
  if (servers !== undefined && server === undefined) return <span className="wrap-anywhere">{name}</span>;
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      <Link href={`/servers/${encodeURIComponent(name)}`} className="link wrap-anywhere">
        {name}
      </Link>
      <DangerFlags dangers={dangersOfFindings(server?.findings ?? [])} />
    </span>
  );
}
