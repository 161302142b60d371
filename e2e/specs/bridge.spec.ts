import { expect, test } from "@playwright/test";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { connectOverHttp, samplingClient } from "../harness/sdk-clients.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

let product: Product;

test.beforeAll(async () => {
  product = await startProduct({ config: configOf([containerFixture({ name: "shared" })]) });
  await product.api.serverIn("shared", "ready");
});

test.afterAll(async () => product?.dispose());

test("sessions that use the same request ids get their own answers", async () => {
  const sessions = await Promise.all(Array.from({ length: 8 }, () => openMcpSession(product.mcpUrl("shared"))));
  expect(new Set(sessions.map(({ sessionId }) => sessionId)).size).toBe(8);
  const echoed = sessions.map(async (session, index) => {
    for (let call = 0; call < 20; call += 1) {
      const message = `session ${index}, call ${call}`;
      expect(JSON.stringify((await session.callTool("echo", { message })).result)).toContain(message);
    }
    session.close();
  });
  await Promise.all(echoed);
});

test("progress reaches the caller in order", async () => {
  const client = await connectOverHttp(product, "shared");
  const seen: number[] = [];
  await client.callTool({ name: "progress", arguments: { steps: 5, delayMs: 20 } }, undefined, {
    onprogress: ({ progress }) => void seen.push(progress),
  });
  // The SDK's client may lose the notification that comes just before the result.
  expect(seen.slice(0, 4)).toEqual([1, 2, 3, 4]);
  await client.close();
});

test("a sampling request reaches the client whose call caused it", async () => {
  const bystander = await connectOverHttp(product, "shared", samplingClient("from the bystander"));
  const caller = await connectOverHttp(product, "shared", samplingClient("from the caller"));
  const answer = await caller.callTool({ name: "sampling", arguments: { prompt: "Who are you?" } });
  expect(JSON.stringify(answer.content)).toContain("from the caller");
  await Promise.all([bystander.close(), caller.close()]);
});

test("a cancelled call is no longer in flight, and the session goes on", async () => {
  const client = await connectOverHttp(product, "shared");
  const cancel = new AbortController();
  const call = client.callTool({ name: "sleep", arguments: { ms: 60_000 } }, undefined, { signal: cancel.signal });
  const runId = (await product.api.server("shared")).run?.id ?? "";
  await until("the call is in flight", async () => (await product.api.run(runId)).callsInFlight.length === 1);
  cancel.abort("enough");
  await expect(call).rejects.toThrow(/enough/);
  await until("no call is in flight", async () => (await product.api.run(runId)).callsInFlight.length === 0);
  expect(
    JSON.stringify((await client.callTool({ name: "echo", arguments: { message: "still here" } })).content),
  ).toContain("still here");
  await client.close();
});
