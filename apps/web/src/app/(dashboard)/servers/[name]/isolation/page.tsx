import { scoredRunId } from "../../../../../isolation/scored-run-id.ts";
import { ServerIsolationTab } from "../../../../../servers/server-isolation-tab.tsx";
import { serverTitle, ServerTabPage, type ServerTabPageProps } from "../../../../../servers/server-tab-page.tsx";

export const generateMetadata = serverTitle;

export default function ServerIsolationPage({ params }: Pick<ServerTabPageProps, "params">) {
  return (
    <ServerTabPage
      params={params}
      tab="isolation"
      queries={({ queryClient, trpc }, name) => [
        queryClient.fetchQuery(trpc.servers.plan.queryOptions({ name })),
        queryClient.fetchQuery(trpc.servers.byName.queryOptions({ name })).then(async (server) => {
          const id = scoredRunId(server);
          if (id !== undefined) await queryClient.prefetchQuery(trpc.runs.byId.queryOptions({ id }));
        }),
      ]}
      render={(name) => <ServerIsolationTab name={name} />}
    />
  );
}
