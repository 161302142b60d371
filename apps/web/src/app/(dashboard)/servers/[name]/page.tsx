import { ServerOverview } from "../../../../servers/server-overview.tsx";
import {
  serverTitle,
  ServerTabPage,
  type ServerData,
  type ServerTabPageProps,
} from "../../../../servers/server-tab-page.tsx";

export const generateMetadata = serverTitle;

export default function ServerPage({ params }: Pick<ServerTabPageProps, "params">) {
  return (
    <ServerTabPage
      params={params}
      tab="overview"
      queries={(data, name) => [prefetchRun(data, name)]}
      render={(name) => <ServerOverview name={name} />}
    />
  );
}

async function prefetchRun({ queryClient, trpc }: ServerData, name: string): Promise<void> {
  const { run } = await queryClient.fetchQuery(trpc.servers.byName.queryOptions({ name }));
  if (run === null) return;
  await Promise.all([
    queryClient.prefetchQuery(trpc.runs.byId.queryOptions({ id: run.id })),
    queryClient.prefetchQuery(trpc.runs.samples.queryOptions({ id: run.id })),
  ]);
}
