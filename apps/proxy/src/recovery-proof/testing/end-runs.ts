import { until } from "../../testing/until.ts";
import type { ProxyUnderTest } from "./proxy-under-test.ts";

const deadlineMs = 60_000;

/** Lets runs end one after the other with exit code 3, with a long stderr tail to write; their ids. */
export async function endRuns(
  proxy: ProxyUnderTest,
  { server, count }: { readonly server: string; readonly count: number },
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { run } = await proxy.untilState(server, "ready");
    if (run === null) throw new Error(`${server} is ready without a run`);
    ids.push(run.id);
    const client = await proxy.client(server);
    await client.callTool("print", { lines: 400, bytes: 120 });
    await client.callTool("exit", { code: 3 });
    const isOver = async (): Promise<true | undefined> => (await proxy.server(server)).run?.id !== run.id || undefined;
    await until(`run ${run.id} is over`, isOver, deadlineMs);
    await proxy.rest("POST", `/servers/${server}/start`);
  }
  return ids;
}
