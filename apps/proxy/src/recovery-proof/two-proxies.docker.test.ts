import { beforeAll, describe, expect, test } from "vitest";
import { labelledContainers } from "./testing/docker-command.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { containerServer, ensureProofServerImage, proofConfig } from "./testing/proof-servers.ts";
import { prepareProxy, startProxy, type ProxyUnderTest } from "./testing/proxy-under-test.ts";
import { proofRepeats } from "./testing/proof-settings.ts";
import { seededRandom } from "./testing/seeded-random.ts";

const stepCount = 10;
const seeds = Array.from({ length: proofRepeats }, (_, index) => index + 1);
const config = proofConfig([containerServer({ name: "foo" }), containerServer({ name: "foo-bar" })]);

beforeAll(ensureProofServerImage);

describe.each(seeds)("seed %i: two proxies on one daemon", (seed) => {
  test("start, stop and die in any order without touching each other", async () => {
    const random = seededRandom(seed);
    await using one = await prepareProxy(config);
    await using other = await prepareProxy(config);
    for (let step = 0; step < stepCount; step += 1) {
      const [acting, watching] = random() < 0.5 ? [one, other] : [other, one];
      const before = await describeContainers(watching);
      await act(acting, random());
      expect(await describeContainers(watching)).toEqual(before);
      if (acting.isRunning) await checkInvariants(acting);
    }
    for (const proxy of [one, other]) {
      if (!proxy.isRunning) await start(proxy);
      expect(await proxy.stop()).toBe(0);
      await checkInvariants(proxy);
    }
  }, 300_000);
});

test("a second proxy on the same data directory leaves the runs of the first alone, whoever ends first", async () => {
  await using first = await startProxy(proofConfig([containerServer({ name: "foo" })]));
  const { run } = await first.untilState("foo", "ready");
  const second = await first.startBeside();
  try {
    expect(await first.server("foo")).toMatchObject({ state: "ready", run: { id: run?.id } });
    expect((await first.runs("foo")).find(({ id }) => id === run?.id)).toMatchObject({ state: "ready", verdict: null });
  } finally {
    await second.end("SIGTERM");
  }
  expect(await first.server("foo")).toMatchObject({ state: "ready", run: { id: run?.id } });
  await checkInvariants(first);
  expect(await first.stop()).toBe(0);
  await checkInvariants(first);
}, 180_000);

/** One that runs is stopped or killed, one that does not is started. */
async function act(proxy: ProxyUnderTest, dice: number): Promise<void> {
  if (!proxy.isRunning) await start(proxy);
  else if (dice < 0.5) await proxy.stop();
  else await proxy.kill();
}

async function start(proxy: ProxyUnderTest): Promise<void> {
  await proxy.start();
  await Promise.all(["foo", "foo-bar"].map((name) => proxy.untilState(name, "ready")));
}

async function describeContainers(proxy: ProxyUnderTest): Promise<readonly string[]> {
  const containers = await labelledContainers(proxy.docker, proxy.instanceId);
  // After a kill -9 its servers end with their input, in their own time.
  return containers.map(({ id, state }) => (proxy.isRunning ? `${id} ${state}` : id)).toSorted();
}
