import { scoredRunId } from "../../../../../isolation/scored-run-id.ts";
import { ServerIsolationTab } from "../../../../../servers/server-isolation-tab.tsx";
import {
  serverTitle,
  ServerTabPage,
  type ServerData,
  type ServerTabPageProps,
} from "../../../../../servers/server-tab-page.tsx";

export const generateMetadata = serverTitle;

export default function ServerIsolationPage({ params }: Pick<ServerTabPageProps, "params">) {
  return (
    <ServerTabPage
      params={params}
      tab="isolation"
      queries={(data, name) => [
        data.queryClient.fetchQuery(data.trpc.servers.plan.queryOptions({ name })),
        prefetchScoredRun(data, name),
      ]}
      render={(name) => <ServerIsolationTab name={name} />}
    />
  );
}

async function prefetchScoredRun({ queryClient, trpc }: ServerData, name: string): Promise<void> {
  const id = scoredRunId(await queryClient.fetchQuery(trpc.servers.byName.queryOptions({ name })));
  if (id !== undefined) await queryClient.prefetchQuery(trpc.runs.byId.queryOptions({ id }));
}
