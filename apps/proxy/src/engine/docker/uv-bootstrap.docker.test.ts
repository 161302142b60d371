import { randomUUID } from "node:crypto";
import type { EnvVariable, IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import { cacheEnv, cacheFolder } from "@mcpproxy/core/plan/cache-volume";
import { needsUvBootstrap, uvHome, withUvBootstrap } from "@mcpproxy/core/plan/uv-bootstrap";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { removeTestContainers, testEnvironment, testLaunch, testPlan } from "../testing/docker-fixture.ts";
import { startLoopbackPackageIndex, type LoopbackPackageIndex } from "../testing/loopback-package-index.ts";
import { ensurePythonImage, findHostPython, pythonImage } from "../testing/python-image.ts";
import { recordOutput, type RecordedOutput } from "../testing/recorded-output.ts";
import { removeTestCaches } from "../testing/remove-test-caches.ts";
import { createDockerEngine } from "./docker-engine.ts";

const instanceId = `test-${randomUUID()}`;
const [hostPython = "", ...hostPythonPaths] = findHostPython() ?? [];
const words = ["--from", "git+https://host/a b#egg", "#one", 'two "quoted" $HOME `x`', "", "-c", "--three=ü\n4"];

describe.skipIf(hostPython === "")("the bootstrap of uv in an image of Python", () => {
  const engine = createDockerEngine({ environment: testEnvironment, instanceId });
  let index: LoopbackPackageIndex;

  beforeAll(() => ensurePythonImage(engine, [hostPython, ...hostPythonPaths]));
  beforeEach(async () => {
    index = await startLoopbackPackageIndex(hostPython);
  });
  afterEach(async () => {
    await removeTestContainers(instanceId);
    await removeTestCaches(instanceId);
    await index[Symbol.asyncDispose]();
  });
  afterAll(() => engine.close());

  const run = async (plan: IsolationPlan): Promise<{ exitCode: number | undefined; output: RecordedOutput }> => {
    const output = recordOutput();
    const workload = await engine.create(testLaunch(instanceId, plan), output);
    await workload.start();
    const { exitCode } = await workload.ended;
    await workload.remove();
    return { exitCode, output };
  };
  const uvxWords = async (plan: IsolationPlan): Promise<unknown> => {
    const { exitCode, output } = await run(plan);
    expect(exitCode, output.stderr()).toBe(0);
    return JSON.parse(output.stdout().toString());
  };

  it("is used for such an image", () => expect(needsUvBootstrap(pythonImage)).toBe(true));

  it("installs uv once, says so, and hands on the command word for word", async () => {
    const first = await run(uvxPlan(index.url));
    expect(first.output.stderr()).toBe("MCPProxy installs uv with pip: this image has none.\n");
    expect(JSON.parse(first.output.stdout().toString())).toEqual(words);
    const requests = index.requests;
    expect(requests).toBeGreaterThan(0);
    const second = await run({ ...uvxPlan(index.url), network: noNetwork });
    expect(second.output.stderr()).toBe("");
    expect(JSON.parse(second.output.stdout().toString())).toEqual(words);
    expect(index.requests).toBe(requests);
  });

  it("works for a user without rights, under a read-only root", async () => {
    const plan = strictly(uvxPlan(index.url, "1234:1234"));
    expect(await uvxWords(plan)).toEqual(words);
    expect(await uvxWords({ ...plan, network: noNetwork })).toEqual(words);
  });

  it("works without a cache volume, and then installs each time", async () => {
    const { cache: _, ...plan } = uvxPlan(index.url);
    const home = {
      name: "MCPPROXY_UV_HOME",
      value: uvHome({ hasCacheVolume: false, user: undefined }),
      isSecret: false,
    };
    const env = [...plan.env.filter(({ name }) => name !== home.name), home];
    expect(await uvxWords({ ...plan, env })).toEqual(words);
    expect(await uvxWords({ ...plan, env })).toEqual(words);
  });

  it("replaces what an installation that was ended halfway left behind", async () => {
    const plan = uvxPlan(index.url);
    const halfway = `mkdir -p "$MCPPROXY_UV_HOME.part/bin" && echo half > "$MCPPROXY_UV_HOME.part/bin/uvx"`;
    expect((await run({ ...plan, command: ["sh", "-c", halfway] })).exitCode).toBe(0);
    expect(await uvxWords(plan)).toEqual(words);
  });

  it("says without network what could not be installed and what to do", async () => {
    const { exitCode, output } = await run({ ...uvxPlan(index.url), network: noNetwork });
    expect(exitCode).toBe(1);
    expect(output.stdout().toString()).toBe("");
    expect(output.stderr().trim().split("\n").at(-1)).toMatch(/^MCPProxy could not install uv .*isolation\.image/);
  });
});

const noNetwork: IsolationPlan["network"] = { mode: "none", allowHosts: [], dns: [], extraHosts: [] };

function uvxPlan(indexUrl: string, user?: string): IsolationPlan {
  const plan = testPlan({ command: withUvBootstrap(["uvx", ...words]) });
  return {
    ...plan,
    image: pythonImage,
    runtime: "uvx",
    env: [
      plain("PIP_INDEX_URL", indexUrl),
      // Without the network pip would try again for half a minute.
      plain("PIP_RETRIES", "0"),
      plain("MCPPROXY_UV_HOME", uvHome({ hasCacheVolume: true, user })),
      ...cacheEnv("uvx", { user, taken: new Set() }),
    ],
    network: { ...noNetwork, mode: "host" },
    cache: { target: cacheFolder },
    hardening: { ...plan.hardening, ...(user === undefined ? {} : { user }) },
  };
}

function strictly(plan: IsolationPlan): IsolationPlan {
  return { ...plan, hardening: { ...plan.hardening, hasReadOnlyRoot: true } };
}

function plain(name: string, value: string): EnvVariable {
  return { name, value, isSecret: false };
}
