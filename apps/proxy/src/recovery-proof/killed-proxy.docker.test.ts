import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLoopbackRegistry } from "../engine/testing/loopback-registry.ts";
import { until } from "../testing/until.ts";
import { startBystanders, type Bystanders } from "./testing/bystanders.ts";
import { startEngineRelay, type EngineRelay } from "./testing/engine-relay.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { containerServer, ensureProofServerImage, proofConfig } from "./testing/proof-servers.ts";
import { prepareProxy, startProxy, type ProxyUnderTest } from "./testing/proxy-under-test.ts";
import { proofRepeats } from "./testing/proof-settings.ts";

let bystanders: Bystanders;
let relay: EngineRelay;

beforeAll(async () => {
  await ensureProofServerImage();
  relay = await startEngineRelay();
  bystanders = await startBystanders("foo");
});
afterAll(async () => {
  await bystanders[Symbol.asyncDispose]();
  await relay[Symbol.asyncDispose]();
});

interface Moment {
  readonly moment: string;
  readonly flags?: readonly string[];
  /** Brings the proxy to the moment; `outcome` is how a client's request comes out. */
  reach(proxy: ProxyUnderTest): Promise<{ readonly outcome: Promise<string> } | undefined>;
  readonly kind: string;
  readonly summary: RegExp;
}

const heldAt = (request: RegExp, what: "request" | "answer"): Moment["reach"] => {
  return async (proxy) => {
    const held = relay.hold({ request, what });
    await proxy.start();
    await held;
    relay.release();
    return undefined;
  };
};
const ready = async (proxy: ProxyUnderTest): Promise<void> => {
  await proxy.start();
  await proxy.untilState("foo", "ready");
};
const neverStarted = { kind: "stopped_by_policy", summary: /^MCPProxy ended before the server had started/ };

const moments: readonly Moment[] = [
  {
    moment: "before the engine heard of a new container",
    reach: heldAt(/^POST \S*\/containers\/create/, "request"),
    ...neverStarted,
  },
  {
    moment: "when the engine had created the container, and nobody knew",
    reach: heldAt(/^POST \S*\/containers\/create/, "answer"),
    ...neverStarted,
  },
  {
    moment: "before the engine heard of the start",
    reach: heldAt(/^POST \S*\/containers\/\w+\/start/, "request"),
    ...neverStarted,
  },
  {
    moment: "when the engine had started the container, and nobody knew",
    reach: heldAt(/^POST \S*\/containers\/\w+\/start/, "answer"),
    kind: "stopped_by_policy",
    summary: /^MCPProxy had ended; stopped at its next start/,
  },
  {
    moment: "during initialize",
    flags: ["--silent"],
    async reach(proxy) {
      await proxy.start();
      await proxy.untilState("foo", "initializing");
      return undefined;
    },
    kind: "stopped_by_policy",
    summary: /^MCPProxy had ended; stopped at its next start/,
  },
  {
    moment: "during a call",
    async reach(proxy) {
      await ready(proxy);
      const call = (await proxy.client("foo")).callTool("wait", { ms: 600_000 });
      await until(
        "the call is in flight",
        async () => (await proxy.server("foo")).run?.callsInFlight === 1 || undefined,
      );
      return { outcome: call.then((answer) => answer.kind) };
    },
    kind: "stopped_by_policy",
    summary: /^MCPProxy had ended; stopped at its next start/,
  },
  {
    moment: "during a stop that a person asked for",
    flags: ["--stubborn"],
    async reach(proxy) {
      await ready(proxy);
      const stop = proxy.rest("POST", "/servers/foo/stop", { note: "too slow" });
      await proxy.untilState("foo", "stopping");
      return {
        outcome: stop.then(
          () => "answered",
          () => "broken",
        ),
      };
    },
    kind: "stopped_by_user",
    summary: /^Stopped by .+: too slow\.$/,
  },
];

describe.each(Array.from({ length: proofRepeats }, (_, index) => index + 1))("round %i: a proxy killed with -9", () => {
  test.each(moments)(
    "$moment leaves nothing, and the next one serves",
    async ({ flags, reach, kind, summary }) => {
      const config = (words: readonly string[]): object =>
        proofConfig([containerServer({ name: "foo", flags: words })]);
      await using proxy = await prepareProxy(config(flags ?? []), { dockerHost: relay.host });
      const reached = await reach(proxy);
      await proxy.kill();
      expect((await reached?.outcome) ?? "broken").toBe("broken");
      await proxy.writeConfig(config([]));
      await proxy.start();
      await proxy.untilState("foo", "ready");
      const [first] = (await proxy.runs("foo")).toReversed();
      expect(first?.verdict).toMatchObject({ kind, summary: expect.stringMatching(summary) });
      await expectToServe(proxy);
      await checkInvariants(proxy);
      expect(await proxy.stop()).toBe(0);
      await checkInvariants(proxy);
      expect(await bystanders.disturbed()).toEqual([]);
    },
    180_000,
  );

  test("while it pulls leaves nothing, and the next one pulls again", async () => {
    await using registry = await startLoopbackRegistry({
      layerBytes: [1_000_000],
      fault: { kind: "slow", bytesPerSecond: 20_000 },
    });
    const pulled = containerServer({ name: "foo", isolation: { image: registry.image, pull_policy: "missing" } });
    await using proxy = await startProxy(proofConfig([pulled]));
    const isPulling = async (): Promise<true | undefined> => {
      const { pull } = await proxy.server("foo");
      return (pull !== null && pull.bytesDone > 0) || undefined;
    };
    await until("bytes come", isPulling, 60_000);
    await proxy.kill();
    registry.setFault(undefined);
    await proxy.start();
    const isOver = async (): Promise<readonly RunRecord[] | undefined> => {
      const runs = await proxy.runs("foo");
      return runs.length > 1 && runs.every(({ state }) => state === "ended") ? runs : undefined;
    };
    const runs = await until("the next run has pulled", isOver, 60_000);
    expect(runs.at(-1)?.verdict?.summary).toMatch(/^MCPProxy ended before the server had started.*image/);
    // There is nothing in the image that could run, but it is here.
    expect(runs[0]?.verdict?.kind).toBe("start_failed");
    await proxy.writeConfig(proofConfig([containerServer({ name: "foo" })]));
    await proxy.untilState("foo", "ready");
    await expectToServe(proxy);
    await checkInvariants(proxy);
    await proxy.stop();
    await proxy.docker("rmi", "--force", registry.image);
    await checkInvariants(proxy);
  }, 180_000);
});

async function expectToServe(proxy: ProxyUnderTest): Promise<void> {
  const client = await proxy.client("foo");
  expect(await client.callTool("echo", { text: "there" })).toMatchObject({ kind: "result" });
}
