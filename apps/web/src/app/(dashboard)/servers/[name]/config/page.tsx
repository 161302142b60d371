import { ServerConfig } from "../../../../../servers/server-config.tsx";
import { serverTitle, ServerTabPage, type ServerTabPageProps } from "../../../../../servers/server-tab-page.tsx";

export const generateMetadata = serverTitle;

export default function ServerConfigPage({ params }: Pick<ServerTabPageProps, "params">) {
  return (
    <ServerTabPage
      params={params}
      tab="config"
      queries={({ queryClient, trpc }, name) => [
        queryClient.fetchQuery(trpc.servers.configEntry.queryOptions({ name })),
      ]}
      render={(name) => <ServerConfig name={name} />}
    />
  );
}
