import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testImage } from "../engine/testing/docker-fixture.ts";
import { startSecondEngine, type SecondEngine } from "../engine/testing/second-engine.ts";
import type { EngineOutage } from "../store/store.ts";
import { until } from "../testing/until.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { readOutages } from "./testing/outages.ts";
import { containerServer, ensureProofServerImage, proofConfig } from "./testing/proof-servers.ts";
import { startProxy, type ProxyUnderTest } from "./testing/proxy-under-test.ts";
import { proofAwayMs, proofRepeats } from "./testing/proof-settings.ts";
import { startSocketRelay, type SocketRelay } from "./testing/socket-relay.ts";

const names = ["one", "two"];
const servers = names.map((name) => containerServer({ name, flags: name === "two" ? ["--stubborn"] : [] }));
const deadlineMs = 120_000;

beforeAll(ensureProofServerImage);

/** Its servers run on a daemon behind a relay, and are ready. */
interface Scene extends AsyncDisposable {
  readonly engine: SecondEngine;
  readonly relay: SocketRelay;
  readonly proxy: ProxyUnderTest;
}

async function openScene(hasLiveRestore: boolean): Promise<Scene> {
  const stack = new AsyncDisposableStack();
  const engine = stack.use(await startSecondEngine([testImage], { hasLiveRestore }));
  const relay = stack.use(await startSocketRelay(engine.socketPath));
  const config = proofConfig(servers, { keep_exited: 0 });
  const proxy = stack.use(await startProxy(config, { dockerHost: relay.host }));
  for (const name of names) await proxy.untilState(name, "ready");
  return { engine, relay, proxy, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe.each([{ hasLiveRestore: false }, { hasLiveRestore: true }])(
  "a daemon with live restore $hasLiveRestore",
  ({ hasLiveRestore }) => {
    let scene: Scene;
    beforeAll(async () => {
      scene = await openScene(hasLiveRestore);
    }, deadlineMs);
    afterAll(() => scene[Symbol.asyncDispose](), deadlineMs);

    /** How many outages were recorded, once every server answers again and the invariants hold. */
    const afterOutage = async (cause: () => Promise<void>): Promise<number> => {
      const { proxy } = scene;
      const before = await readOutages(proxy);
      const known = new Set((await proxy.runs()).map(({ id }) => id));
      await cause();
      await until(
        "the outage is over",
        async () => {
          const [newest] = await readOutages(proxy);
          return newest !== undefined && newest.id !== before[0]?.id && newest.to !== null ? true : undefined;
        },
        deadlineMs,
      );
      for (const name of names) {
        await until(`${name} answers`, () => answers(proxy, name), deadlineMs);
      }
      await checkInvariants(proxy);
      const outages = await readOutages(proxy);
      const [outage] = outages;
      expect(Date.parse(outage?.to ?? "")).toBeGreaterThanOrEqual(Date.parse(outage?.from ?? ""));
      const ended = (await proxy.runs()).filter(({ id, state }) => known.has(id) && state === "ended");
      // Whoever ended while nobody listened: the verdict rests on the gap as well.
      const unwatched = ended.filter(({ endedAt }) => isWithin(endedAt, outage));
      for (const { verdict } of unwatched)
        expect(verdict?.evidence).toContainEqual(
          expect.objectContaining({ text: expect.stringContaining("no events") }),
        );
      return outages.length - before.length;
    };
    const awayFor = async (signal: "SIGTERM" | "SIGKILL", whileAway: () => Promise<unknown>): Promise<void> => {
      await scene.engine.end(signal);
      await whileAway();
      await scene.engine.begin();
    };
    const isSeenAway = async (): Promise<void> => {
      await until(
        "calls are refused",
        async () => (await scene.proxy.server("one")).state === "engine_unavailable" || undefined,
        deadlineMs,
      );
      await pause(proofAwayMs);
    };

    test.each(Array.from({ length: proofRepeats }, (_, index) => index + 1))(
      "that is stopped and started, restarted at once, or killed is one outage, and all servers come back (%d)",
      async () => {
        expect(await afterOutage(() => awayFor("SIGTERM", isSeenAway))).toBe(1);
        expect(await afterOutage(() => awayFor("SIGTERM", async () => undefined))).toBe(1);
        expect(await afterOutage(() => awayFor("SIGKILL", isSeenAway))).toBe(1);
        expect(await afterOutage(() => awayFor("SIGKILL", async () => undefined))).toBe(1);
      },
      4 * (deadlineMs + proofAwayMs) * proofRepeats,
    );

    // Live restore makes no difference to it.
    test.skipIf(hasLiveRestore)(
      "that takes connections but never answers is one outage, which ends when it goes on",
      async () => {
        const outages = await afterOutage(async () => {
          scene.engine.freeze();
          // Nothing is lost yet: what its servers are asked meanwhile is answered when it goes on.
          await until(
            "the outage is seen",
            async () => (await readOutages(scene.proxy))[0]?.to === null || undefined,
            deadlineMs,
          );
          scene.engine.goOn();
        });
        expect(outages).toBe(1);
      },
      2 * deadlineMs,
    );

    test(
      "whose connections are all cut while it lives leaves no server without its line",
      async () => {
        const outages = await afterOutage(async () => {
          expect(scene.relay.cut("all")).toBeGreaterThan(names.length);
        });
        expect(outages).toBe(1);
      },
      2 * deadlineMs,
    );

    test(
      "whose stream of events alone is cut is a recorded gap, and every run goes on",
      async () => {
        const { proxy, relay } = scene;
        const before = (await proxy.servers()).map(({ run }) => run?.id);
        const outages = await afterOutage(async () => {
          expect(relay.cut("events")).toBe(1);
        });
        expect(outages).toBe(1);
        expect((await proxy.servers()).map(({ run }) => run?.id)).toEqual(before);
        expect((await readOutages(proxy))[0]?.reason).toBe("Docker answered, but its stream of events was cut.");
        await until("it listens again", () => relay.eventStreams === 1 || undefined, deadlineMs);
      },
      2 * deadlineMs,
    );
  },
);

async function answers(proxy: ProxyUnderTest, name: string): Promise<true | undefined> {
  if ((await proxy.server(name)).state !== "ready") return undefined;
  try {
    const client = await proxy.client(name);
    const answer = await client.callTool("echo", { text: "there" });
    return answer.kind === "result" || undefined;
  } catch {
    // Not yet.
    return undefined;
  }
}

function isWithin(time: string | null, outage: EngineOutage | undefined): boolean {
  return time !== null && outage !== undefined && time >= outage.from && time <= (outage.to ?? time);
}
