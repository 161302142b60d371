"use client";

import { useQuery } from "@tanstack/react-query";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Section } from "../ui/section.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { logTailLines } from "./log-tail-lines.ts";

/** The last lines of a server's log file. */
export function LogTail({ name }: { name: string }) {
  const tail = useQuery(useTrpc().servers.logTail.queryOptions({ name, lines: logTailLines }));
  const refresh = (
    <Button
      icon="restart"
      label={`Refresh the log of ${name}`}
      isPending={tail.isFetching}
      onClick={() => void tail.refetch()}
    >
      Refresh
    </Button>
  );
  return (
    <Section title="Log" aside={refresh}>
      {tail.data === undefined && tail.isError && (
        <QueryFailure what="the log" error={tail.error} onRetry={() => void tail.refetch()} />
      )}
      {tail.data === undefined && !tail.isError && <Skeleton rows={4} label="Loading the log" />}
      {tail.data?.length === 0 && <EmptyState kind="not-applicable" title="Nothing was written to the log yet." />}
      {tail.data !== undefined && tail.data.length > 0 && (
        <TextBlock label={`Log of ${name}`} startsAt="end">
          {tail.data.join("\n")}
        </TextBlock>
      )}
    </Section>
  );
}
