import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { scoredRunId } from "../../../../isolation/scored-run-id.ts";
import { runListInput, runPaging } from "../../../../run-list/run-list-options.ts";
import { logTailLines } from "../../../../servers/log-tail-lines.ts";
import { ServerDetail } from "../../../../servers/server-detail.tsx";
import { prefetch } from "../../../../trpc/prefetch.ts";
import type { Server } from "../../../../trpc/router-types.ts";
import { openServerData } from "../../../../trpc/server-data.ts";

interface Properties {
  readonly params: Promise<{ readonly name: string }>;
}

export async function generateMetadata({ params }: Properties): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function ServerPage({ params }: Properties) {
  const name = decodeURIComponent((await params).name);
  const { queryClient, trpc } = await openServerData();
  const prefetchScoredRun = async (server: Server): Promise<void> => {
    const id = scoredRunId(server);
    if (id !== undefined) await queryClient.prefetchQuery(trpc.runs.byId.queryOptions({ id }));
  };
  await prefetch([
    queryClient.fetchQuery(trpc.servers.byName.queryOptions({ name })).then(prefetchScoredRun),
    queryClient.fetchQuery(trpc.servers.plan.queryOptions({ name })),
    queryClient.fetchQuery(trpc.servers.logTail.queryOptions({ name, lines: logTailLines })),
    queryClient.fetchInfiniteQuery(trpc.runs.list.infiniteQueryOptions(runListInput({ server: [name] }), runPaging)),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <ServerDetail name={name} />
    </HydrationBoundary>
  );
}
