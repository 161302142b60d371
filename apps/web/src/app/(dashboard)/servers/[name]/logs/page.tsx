import { ServerLogs } from "../../../../../servers/server-logs.tsx";
import { serverTitle, ServerTabPage, type ServerTabPageProps } from "../../../../../servers/server-tab-page.tsx";

export const generateMetadata = serverTitle;

export default function ServerLogsPage({ params }: Pick<ServerTabPageProps, "params">) {
  return <ServerTabPage params={params} tab="logs" render={(name) => <ServerLogs name={name} />} />;
}
