"use client";

import { useState } from "react";
import dynamic from "next/dynamic";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useServer } from "../servers/use-server.ts";
import { describeFailure } from "../trpc/describe-failure.ts";
import type { ToolList } from "../trpc/router-types.ts";
import { slowRequest } from "../trpc/slow-request.ts";
import { useTrpcClient } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Section } from "../ui/section.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { ToolNames } from "./tool-names.tsx";

const ToolPanel = dynamic(async () => (await import("./tool-panel.tsx")).ToolPanel, {
  ssr: false,
  loading: () => <Skeleton rows={5} label="Loading the tool" />,
});

/** The tools of the run that serves now, with their schemas, and a place to try them. */
export function ServerTools({ name }: { name: string }) {
  const client = useTrpcClient();
  const queryClient = useQueryClient();
  const server = useServer(name);
  const queryKey = ["tools", name, server?.run?.readyAt === null ? null : (server?.run?.id ?? null)];
  const query = useQuery({ queryKey, queryFn: () => client.servers.tools.query({ name }, slowRequest) });
  const ask = useMutation({
    mutationFn: () => client.servers.tools.query({ name, shouldStart: true, isFresh: true }, slowRequest),
    onSuccess: (list) => queryClient.setQueryData(queryKey, list),
  });
  if (query.data === undefined) {
    if (query.isError)
      return <QueryFailure what="the tools" error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton rows={6} label="Loading the tools" />;
  }
  return (
    <Section
      title={query.data === null ? "Tools" : `${query.data.tools.length} tools`}
      aside={
        query.data !== null && (
          <Button icon="restart" label={`Ask again: ${name}`} isPending={ask.isPending} onClick={() => ask.mutate()}>
            Ask again
          </Button>
        )
      }
    >
      {ask.isError && (
        <p role="alert" className="mb-2 text-[13px] text-bad wrap-anywhere">
          {describeFailure(ask.error).message}
        </p>
      )}
      {query.data === null ? (
        <EmptyState kind="nothing-yet" title="The server does not run">
          <p className="mb-2">Only a running server tells which tools it has.</p>
          <Button icon="play" isPending={ask.isPending} onClick={() => ask.mutate()}>
            Start it and list its tools
          </Button>
        </EmptyState>
      ) : (
        <ToolBrowser name={name} list={query.data} />
      )}
    </Section>
  );
}

function ToolBrowser({ name, list }: { name: string; list: ToolList }) {
  const [chosen, setChosen] = useState<string>();
  const tool = list.tools.find((each) => each.name === chosen) ?? list.tools[0];
  if (tool === undefined) return <EmptyState kind="not-applicable" title="This server has no tools." />;
  return (
    <div className="grid gap-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
      <ToolNames tools={list.tools} chosen={tool.name} onChoose={setChosen} isCut={list.isCut} />
      <ToolPanel key={tool.name} server={name} tool={tool} />
    </div>
  );
}
