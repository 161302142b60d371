import { runListInput, runPaging } from "../../../../../run-list/run-list-options.ts";
import { ServerRuns } from "../../../../../servers/server-runs.tsx";
import { serverTitle, ServerTabPage, type ServerTabPageProps } from "../../../../../servers/server-tab-page.tsx";

export const generateMetadata = serverTitle;

export default function ServerRunsPage({ params }: Pick<ServerTabPageProps, "params">) {
  return (
    <ServerTabPage
      params={params}
      tab="runs"
      queries={({ queryClient, trpc }, name) => [
        queryClient.fetchInfiniteQuery(
          trpc.runs.list.infiniteQueryOptions(runListInput({ server: [name] }), runPaging),
        ),
      ]}
      render={(name) => <ServerRuns name={name} />}
    />
  );
}
