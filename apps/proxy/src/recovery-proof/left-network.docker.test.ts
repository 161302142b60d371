import { beforeAll, expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { labelledNetworks } from "./testing/docker-command.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { containerServer, ensureProofServerImage, proofConfig } from "./testing/proof-servers.ts";
import { startProxy, type ProxyUnderTest } from "./testing/proxy-under-test.ts";

const listed = containerServer({
  name: "listed",
  isolation: { network_mode: "allowlist", allow_hosts: ["registry.npmjs.org"] },
});
const plain = containerServer({ name: "plain" });

beforeAll(ensureProofServerImage);

async function expectToServe(proxy: ProxyUnderTest, server: string): Promise<void> {
  const client = await proxy.client(server);
  expect(await client.callTool("echo")).toMatchObject({ kind: "result" });
}

test("the network of a killed proxy goes at the next start, also when no server needs one any more", async () => {
  await using proxy = await startProxy(proofConfig([listed]));
  await proxy.untilState("listed", "ready");
  await checkInvariants(proxy);
  await proxy.kill();
  expect(await labelledNetworks(proxy.docker, proxy.instanceId)).toHaveLength(1);
  await proxy.writeConfig(proofConfig([plain]));
  await proxy.start();
  await proxy.untilState("plain", "ready");
  expect(await labelledNetworks(proxy.docker, proxy.instanceId)).toHaveLength(0);
  await checkInvariants(proxy);
  await proxy.writeConfig(proofConfig([listed, plain]));
  await until("it is there", async () => (await proxy.servers()).length === 2 || undefined, 60_000);
  await proxy.untilState("listed", "ready");
  await proxy.kill();
  await proxy.start();
  await proxy.untilState("listed", "ready");
  await expectToServe(proxy, "listed");
  await checkInvariants(proxy);
  expect(await proxy.stop()).toBe(0);
  await checkInvariants(proxy);
}, 180_000);

test("a network that is removed by hand under a running server is made again for its next run", async () => {
  await using proxy = await startProxy(proofConfig([listed]));
  const { run } = await proxy.untilState("listed", "ready");
  const [network = ""] = await labelledNetworks(proxy.docker, proxy.instanceId);
  await proxy.docker("network", "disconnect", "--force", network, run?.containerId ?? "");
  await proxy.docker("network", "rm", network);
  await expectToServe(proxy, "listed");
  await proxy.rest("POST", "/servers/listed/restart");
  await until("a new run is ready", () => newRun(proxy, run?.id), 60_000);
  expect(await labelledNetworks(proxy.docker, proxy.instanceId)).toEqual([network]);
  await expectToServe(proxy, "listed");
  await checkInvariants(proxy);
  expect(await proxy.stop()).toBe(0);
  await checkInvariants(proxy);
}, 180_000);

test("the network goes some seconds after the last run that needed it, and is there again for the next", async () => {
  await using proxy = await startProxy(proofConfig([listed, plain]));
  await proxy.untilState("listed", "ready");
  await proxy.rest("POST", "/servers/listed/stop");
  const isGone = async () => (await labelledNetworks(proxy.docker, proxy.instanceId)).length === 0 || undefined;
  await until("the network is gone", isGone, 60_000);
  await checkInvariants(proxy);
  await proxy.rest("POST", "/servers/listed/start");
  await proxy.untilState("listed", "ready");
  await expectToServe(proxy, "listed");
  expect(await proxy.stop()).toBe(0);
  await checkInvariants(proxy);
}, 180_000);

async function newRun(proxy: ProxyUnderTest, before: string | undefined): Promise<true | undefined> {
  const { state, run } = await proxy.server("listed");
  return (state === "ready" && run?.id !== before) || undefined;
}
