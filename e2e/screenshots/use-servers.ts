import type { Run } from "../harness/api-records.ts";
import { openMcpSession, type McpHttpClient } from "../harness/mcp-http-client.ts";
import type { Product } from "../harness/product.ts";
import { hungryServer } from "./hungry-server.ts";

/** The first start fetches the packages of the servers. */
const readyDeadlineMs = 180_000;
/** Long enough for the memory readings to make a curve. */
const pauseMs = 3_000;

/** Works with every server as a client would, and makes the hungry one run out of memory; gives the run that ended so. */
export async function useServers(product: Product): Promise<Run> {
  await withSession(product, "everything", async (session) => {
    for (const message of ["one", "two", "three"]) await session.callTool("echo", { message });
  });
  await withSession(product, "memory", async (session) => {
    await session.callTool("create_entities", {
      entities: [{ name: "MCPProxy", entityType: "program", observations: ["runs servers in containers"] }],
    });
    await session.callTool("read_graph", {});
  });
  await withSession(product, hungryServer.name, async (session) => {
    for (const megabytes of [8, 6, 12, 4]) {
      await session.callTool("allocate", { megabytes });
      await session.callTool("sleep", { ms: pauseMs });
    }
    await session.callTool("write_stderr", { lines: 3 });
    await session.callTool("allocate", { megabytes: 200 });
  });
  return product.api.endedRun(hungryServer.name);
}

async function withSession(
  product: Product,
  server: string,
  use: (session: McpHttpClient) => Promise<void>,
): Promise<void> {
  await product.api.serverIn(server, "ready", readyDeadlineMs);
  const session = await openMcpSession(product.mcpUrl(server));
  try {
    await use(session);
  } finally {
    session.close();
  }
}
