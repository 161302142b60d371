import { expect, test } from "@playwright/test";
import { connectModernOverHttp, connectModernOverStdio, modernClient } from "../harness/modern-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

let product: Product;

test.beforeAll(async () => {
  product = await startProduct({ config: configOf([containerFixture({ name: "shared" })]) });
  await product.api.serverIn("shared", "ready");
});

test.afterAll(async () => product?.dispose());

const ways = [
  { way: "Streamable HTTP", connect: connectModernOverHttp },
  { way: "mcpproxy stdio", connect: connectModernOverStdio },
];

for (const { way, connect } of ways) {
  test(`the SDK's client of 2026-07-28 works with a server of the legacy era over ${way}`, async () => {
    const client = await connect(product, "shared", modernClient(`from ${way}`));
    expect(client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("echo");
    const echoed = await client.callTool({ name: "echo", arguments: { message: "é" } });
    expect(JSON.stringify(echoed.content)).toContain("é");
    const sampled = await client.callTool({ name: "sampling", arguments: { prompt: "Who are you?" } });
    expect(JSON.stringify(sampled.content)).toContain(`from ${way}`);
    await client.close();
  });

  test(`a call that such a client cancels over ${way} ends at the server`, async () => {
    const client = await connect(product, "shared", modernClient(""));
    const cancel = new AbortController();
    const call = client.callTool({ name: "sleep", arguments: { ms: 60_000 } }, { signal: cancel.signal });
    const runId = (await product.api.server("shared")).run?.id ?? "";
    await until("the call is in flight", async () => (await product.api.run(runId)).callsInFlight.length === 1);
    cancel.abort("enough");
    await expect(call).rejects.toThrow(/enough/);
    await until("no call is in flight", async () => (await product.api.run(runId)).callsInFlight.length === 0);
    await client.close();
  });
}
