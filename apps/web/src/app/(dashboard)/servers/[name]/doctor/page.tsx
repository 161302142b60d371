import { ServerDoctor } from "../../../../../servers/server-doctor.tsx";
import { serverTitle, ServerTabPage, type ServerTabPageProps } from "../../../../../servers/server-tab-page.tsx";

export const generateMetadata = serverTitle;

export default function ServerDoctorPage({ params }: Pick<ServerTabPageProps, "params">) {
  return <ServerTabPage params={params} tab="doctor" render={(name) => <ServerDoctor name={name} />} />;
}
