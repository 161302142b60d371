import { beforeAll, expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { labelledContainers } from "./testing/docker-command.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { ensureProofServerImage, proofConfig, shellServer } from "./testing/proof-servers.ts";
import { startProxy, type ProxyUnderTest } from "./testing/proxy-under-test.ts";

const names = Array.from({ length: 100 }, (_, index) => `server-${String(index).padStart(2, "0")}`);
const deadlineMs = 240_000;

beforeAll(ensureProofServerImage);

test("a hundred servers killed in the same second each get their verdict, and every call its error", async () => {
  // Long enough that none is back before all have been looked at.
  const restart = { backoff_initial: "30s", backoff_max: "60s" };
  const servers = names.map((name) => shellServer(name));
  await using proxy = await startProxy(
    proofConfig(servers, { restart, max_cold_starts: 8, max_containers: 200, keep_exited: 0 }),
  );
  await until("all are ready", () => areAll(proxy, "ready"), deadlineMs);
  const before = new Map((await proxy.servers()).map(({ name, run }) => [name, run?.id ?? ""]));
  const clients = await Promise.all(names.map((name) => proxy.client(name)));
  const calls = clients.map((client) => client.callTool("wait"));
  await until("all calls are in flight", () => haveCalls(proxy), deadlineMs);
  const containers = await labelledContainers(proxy.docker, proxy.instanceId);
  expect(containers).toHaveLength(names.length);

  const killed = proxy.docker("kill", ...containers.map(({ id }) => id));
  const answers = await Promise.all(calls);
  await killed;

  const runs = await until("all have ended", () => endedRuns(proxy, before), deadlineMs);
  for (const run of runs) expect(run).toMatchObject({ verdict: { kind: "killed_outside" }, callsInFlight: [{}] });
  for (const [index, answer] of answers.entries()) {
    const runId = before.get(names[index] ?? "");
    expect(answer).toMatchObject({ kind: "error", error: { data: { runId } } });
  }
  const tries = (await proxy.servers()).map(({ nextTryAt }) => nextTryAt).filter((at) => at !== null);
  // With jitter, so that they do not all start at once; two of a hundred may share a moment.
  expect(new Set(tries).size).toBeGreaterThan(tries.length / 2);
  await checkInvariants(proxy, { deadlineMs });
}, 600_000);

async function areAll(proxy: ProxyUnderTest, state: string): Promise<true | undefined> {
  return (await proxy.servers()).every((server) => server.state === state) || undefined;
}

async function haveCalls(proxy: ProxyUnderTest): Promise<true | undefined> {
  return (await proxy.servers()).every(({ run }) => run?.callsInFlight === 1) || undefined;
}

async function endedRuns(proxy: ProxyUnderTest, ids: ReadonlyMap<string, string>) {
  const wanted = new Set(ids.values());
  const ended = (await proxy.runs()).filter(({ id, state }) => wanted.has(id) && state === "ended");
  return ended.length === wanted.size ? ended : undefined;
}
