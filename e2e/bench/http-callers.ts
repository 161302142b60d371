import { openMcpSession } from "../harness/mcp-http-client.ts";
import type { EchoCaller } from "./series.ts";

/** Callers with a session and a connection each. */
export async function httpCallers({
  url,
  count,
}: {
  readonly url: string;
  readonly count: number;
}): Promise<readonly EchoCaller[]> {
  const callers: EchoCaller[] = [];
  for (let opened = 0; opened < count; opened += 1) {
    const session = await openMcpSession(url);
    callers.push({ echo: (message) => session.echoText(message), close: () => session.close() });
  }
  return callers;
}
