import { ServerOverview } from "../../../../servers/server-overview.tsx";
import { serverTitle, ServerTabPage, type ServerTabPageProps } from "../../../../servers/server-tab-page.tsx";

export const generateMetadata = serverTitle;

export default function ServerPage({ params }: Pick<ServerTabPageProps, "params">) {
  return (
    <ServerTabPage
      params={params}
      tab="overview"
      queries={({ queryClient, trpc }, name) => [
        queryClient.fetchQuery(trpc.servers.byName.queryOptions({ name })).then(async ({ run }) => {
          if (run === null) return;
          await Promise.all([
            queryClient.prefetchQuery(trpc.runs.byId.queryOptions({ id: run.id })),
            queryClient.prefetchQuery(trpc.runs.samples.queryOptions({ id: run.id })),
          ]);
        }),
      ]}
      render={(name) => <ServerOverview name={name} />}
    />
  );
}
