import { startProcess, type ManagedProcess } from "./managed-process.ts";
import { repository } from "./repository.ts";
import { until } from "./until.ts";

export interface DashboardProcess {
  readonly process: ManagedProcess;
  readonly url: string;
}

/** Starts the built dashboard (`next start`) and waits until it answers. */
export async function startDashboard(request: {
  readonly proxyUrl: string;
  readonly port: number;
}): Promise<DashboardProcess> {
  const dashboard = startProcess({
    program: process.execPath,
    args: [repository.nextProgram, "start", "-H", "127.0.0.1", "-p", String(request.port)],
    environment: { MCPPROXY_URL: request.proxyUrl, MCPPROXY_WEB_PORT: String(request.port), NODE_ENV: "production" },
    workingDir: repository.webApp,
  });
  const url = `http://127.0.0.1:${request.port}`;
  try {
    const answers = async () =>
      dashboard.hasExited() || (await fetch(`${url}/login`, { redirect: "manual" })).status < 500;
    await until("the dashboard answers", answers, { deadlineMs: 30_000 });
    if (dashboard.hasExited()) throw new Error("next start has exited");
    return { process: dashboard, url };
  } catch (error) {
    await dashboard.stop("SIGTERM", 5_000);
    throw new Error(`The dashboard did not start:\n${dashboard.output()}`, { cause: error });
  }
}
