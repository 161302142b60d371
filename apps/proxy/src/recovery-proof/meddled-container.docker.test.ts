import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { testImage } from "../engine/testing/docker-fixture.ts";
import { until } from "../testing/until.ts";
import { labelledContainers } from "./testing/docker-command.ts";
import { checkInvariants } from "./testing/invariants.ts";
import type { ProofAnswer, ProofClient } from "./testing/proof-client.ts";
import { containerServer, ensureProofServerImage, proofConfig } from "./testing/proof-servers.ts";
import { startProxy, type ProxyUnderTest } from "./testing/proxy-under-test.ts";
import { proofRepeats } from "./testing/proof-settings.ts";

const deadlineMs = 60_000;
const rounds = Array.from({ length: proofRepeats }, (_, index) => index + 1);
let proxy: ProxyUnderTest;

const base = proofConfig([containerServer({ name: "one" })]);

beforeAll(async () => {
  await ensureProofServerImage();
  proxy = await startProxy(base);
}, 180_000);
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
}, 180_000);
beforeEach(async () => {
  await proxy.writeConfig(base);
  if (!proxy.isRunning) await proxy.start();
  await until("it is the only server", hasOnlyOne, deadlineMs);
  // As a person would: failures of the test before do not count.
  await proxy.rest("POST", "/servers/one/start");
  await proxy.untilState("one", "ready");
}, 180_000);

describe.each(rounds)("round %i: what people do to a container", (round) => {
  test.each([
    { deed: "rm --force", args: ["rm", "--force"], summary: /^Killed from outside/ },
    { deed: "kill", args: ["kill"], summary: /^Killed from outside \(SIGKILL\)/ },
    { deed: "kill --signal INT", args: ["kill", "--signal", "INT"], summary: /^Killed from outside \(SIGINT\)/ },
    { deed: "stop", args: ["stop"], summary: /^(?:Stopped|Killed) from outside \(SIGTERM\)/ },
    { deed: "restart", args: ["restart"], summary: /^(?:Stopped|Killed) from outside \(SIGTERM\)/ },
  ])(
    "docker $deed ends the run with its verdict and its calls, and the next call is served",
    async ({ args, summary }) => {
      const { client, runId, containerId, call } = await callInFlight();
      await proxy.docker(...args, containerId);
      const answer = await call;
      expect(errorDataOf(answer)).toMatchObject({ runId });
      const run = await proxy.untilEnded(runId);
      expect(run.verdict).toMatchObject({ kind: "killed_outside", summary: expect.stringMatching(summary) });
      expect(run.callsInFlight).toHaveLength(1);
      await expectToServe(client);
      await checkInvariants(proxy);
    },
    180_000,
  );

  test("docker pause is shown and holds calls back, docker unpause lets them go on", async () => {
    const { client, runId, containerId, call } = await callInFlight(2_000);
    await proxy.docker("pause", containerId);
    await until("the row says so", async () => (await proxy.server("one")).problem ?? undefined, deadlineMs);
    expect((await proxy.server("one")).problem).toMatchObject({
      code: "paused_outside",
      remedy: expect.stringContaining("docker unpause mcpproxy-one-"),
    });
    const later = client.callTool("echo", { text: "later" });
    await until("it waits", async () => (await proxy.server("one")).run?.callsInFlight === 2 || undefined, deadlineMs);
    await proxy.docker("unpause", containerId);
    expect([(await call).kind, (await later).kind]).toEqual(["result", "result"]);
    expect(await proxy.server("one")).toMatchObject({ state: "ready", problem: null, run: { id: runId } });
    const kinds = (await proxy.events(runId)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["paused", "unpaused"]));
    await checkInvariants(proxy);
  }, 180_000);

  test("a paused container can be stopped by a person, and its calls get their error", async () => {
    const { runId, containerId, call } = await callInFlight();
    await proxy.docker("pause", containerId);
    await proxy.rest("POST", "/servers/one/stop", { note: "stuck" });
    expect(errorDataOf(await call)).toMatchObject({ runId });
    const run = await proxy.untilEnded(runId);
    expect(run.verdict?.summary).toMatch(/stuck|^Ignored SIGTERM/);
    expect(run.stoppedBy).not.toBeNull();
    await checkInvariants(proxy);
    await expectToServeAfterStart();
  }, 180_000);

  test("a proxy that is stopped or killed while a container is paused leaves nothing", async () => {
    const { runId, containerId, call } = await callInFlight();
    await proxy.docker("pause", containerId);
    if (round % 2 === 0) await proxy.stop();
    else await proxy.kill();
    await call;
    await proxy.start();
    await proxy.untilState("one", "ready");
    expect((await proxy.untilEnded(runId)).verdict?.kind).toMatch(/^stop/);
    await checkInvariants(proxy);
  }, 180_000);

  test("an image that is deleted under a running server harms it only at its next start, which says why", async () => {
    const image = `${testImage}-doomed`;
    await proxy.docker("tag", testImage, image);
    await proxy.writeConfig(proofConfig([containerServer({ name: "doomed", isolation: { image } })]));
    await until("it is there", async () => (await proxy.servers()).some(({ name }) => name === "doomed") || undefined);
    const { run } = await proxy.untilState("doomed", "ready");
    await proxy.docker("rmi", "--force", image);
    const client = await proxy.client("doomed");
    await expectToServe(client);
    await client.callTool("exit", { code: 3 });
    await proxy.untilState("doomed", "parked");
    const [next] = await proxy.runs("doomed");
    expect(next).toMatchObject({ verdict: { kind: "image_failed" } });
    expect((await proxy.untilEnded(run?.id ?? "")).verdict?.summary).toBe("Exited with code 3.");
    expect(await client.callTool("echo")).toMatchObject({ kind: "error" });
    await checkInvariants(proxy);
    await proxy.docker("tag", testImage, image);
    await proxy.rest("POST", "/servers/doomed/start");
    await expectToServe(client);
    await proxy.docker("rmi", "--force", image);
    await checkInvariants(proxy);
  }, 180_000);

  test("a network that is taken away while the server runs does not touch its stdio, and its next start says why", async () => {
    const network = `mcpproxy-proof-${proxy.instanceId}`;
    await proxy.docker("network", "create", network);
    await proxy.writeConfig(proofConfig([containerServer({ name: "netted", isolation: { network_mode: network } })]));
    await until("it is there", async () => (await proxy.servers()).some(({ name }) => name === "netted") || undefined);
    const { run } = await proxy.untilState("netted", "ready");
    await proxy.docker("network", "disconnect", "--force", network, run?.containerId ?? "");
    await proxy.docker("network", "rm", network);
    const client = await proxy.client("netted");
    await expectToServe(client);
    await client.callTool("exit", { code: 3 });
    const failed = await until("the next start fails", () => newestFailure("netted", run?.id ?? ""), deadlineMs);
    expect(failed.verdict?.summary).toContain(network);
    await proxy.docker("network", "create", network);
    await proxy.rest("POST", "/servers/netted/start");
    await proxy.untilState("netted", "ready");
    await expectToServe(client);
    await checkInvariants(proxy);
    await proxy.stop();
    await proxy.docker("network", "rm", network);
  }, 180_000);
});

test.each(["runs", "is stopped"] as const)(
  "a kept container goes with its server when that leaves the config while the proxy %s",
  async (how) => {
    const { run } = await proxy.server("one");
    const runId = run?.id ?? "";
    await (await proxy.client("one")).callTool("exit", { code: 3 });
    await proxy.untilEnded(runId);
    await until("it is kept", async () => (await keptCount()) > 0 || undefined, deadlineMs);
    if (how === "is stopped") await proxy.stop();
    await proxy.writeConfig(proofConfig([]));
    if (how === "is stopped") await proxy.start();
    await checkInvariants(proxy);
    expect(await keptCount()).toBe(0);
  },
  180_000,
);

async function hasOnlyOne(): Promise<true | undefined> {
  return (await proxy.servers()).map(({ name }) => name).join() === "one" || undefined;
}

async function keptCount(): Promise<number> {
  const containers = await labelledContainers(proxy.docker, proxy.instanceId);
  return containers.filter(({ state }) => state === "exited").length;
}

interface CallInFlight {
  readonly client: ProofClient;
  readonly runId: string;
  readonly containerId: string;
  readonly call: Promise<ProofAnswer>;
}

async function callInFlight(ms = 600_000): Promise<CallInFlight> {
  const client = await proxy.client("one");
  const call = client.callTool("wait", { ms });
  const { run } = await until(
    "the call is in flight",
    async () => {
      const server = await proxy.server("one");
      return server.run?.callsInFlight === 1 ? server : undefined;
    },
    deadlineMs,
  );
  return { client, call, runId: run?.id ?? "", containerId: run?.containerId ?? "" };
}

function errorDataOf(answer: ProofAnswer): unknown {
  return answer.kind === "error" ? answer.error.data : answer;
}

async function newestFailure(server: string, firstId: string): Promise<RunRecord | undefined> {
  const [newest] = await proxy.runs(server);
  return newest?.state === "ended" && newest.id !== firstId ? newest : undefined;
}

async function expectToServe(client: ProofClient): Promise<void> {
  expect(await client.callTool("echo", { text: "there" })).toMatchObject({ kind: "result" });
}

async function expectToServeAfterStart(): Promise<void> {
  await proxy.rest("POST", "/servers/one/start");
  await proxy.untilState("one", "ready");
  await expectToServe(await proxy.client("one"));
}
