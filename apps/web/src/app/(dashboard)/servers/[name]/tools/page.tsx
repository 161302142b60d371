import { ServerTools } from "../../../../../tools/server-tools.tsx";
import { serverTitle, ServerTabPage, type ServerTabPageProps } from "../../../../../servers/server-tab-page.tsx";

export const generateMetadata = serverTitle;

export default function ServerToolsPage({ params }: Pick<ServerTabPageProps, "params">) {
  return <ServerTabPage params={params} tab="tools" render={(name) => <ServerTools name={name} />} />;
}
