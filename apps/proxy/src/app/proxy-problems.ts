import type { ProxyProblem } from "@mcpproxy/core/run/server-record";
import type { ProxyCore } from "./proxy-core.ts";

/** What MCPProxy itself cannot write right now. */
export function proxyProblems({
  store,
  mainLog,
  serverLogs,
}: Pick<ProxyCore, "store" | "mainLog" | "serverLogs">): readonly ProxyProblem[] {
  const history = store.trouble();
  const logs = [mainLog, ...serverLogs.open].flatMap(({ filePath, trouble }) =>
    trouble === undefined ? [] : [logProblem(filePath, trouble)],
  );
  return [...(history === undefined ? [] : [{ kind: "history", ...history } as const]), ...logs];
}

function logProblem(filePath: string, { message, since }: { message: string; since: string }): ProxyProblem {
  return {
    kind: "log",
    message: `The log ${filePath} cannot be written: ${message}. Free some space, or check the disk and the permissions; lines wait in memory, at most 1 MB.`,
    since,
  };
}
