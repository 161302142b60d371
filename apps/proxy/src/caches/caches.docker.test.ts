import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cacheVolumeName } from "@mcpproxy/core/docker/cache-volume-name";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { cacheVolumeLabels } from "../engine/docker/cache-labels.ts";
import { ensureTestImage, testEnvironment, testImage } from "../engine/testing/docker-fixture.ts";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { removeTestCaches } from "../engine/testing/remove-test-caches.ts";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";

const docker = (...args: string[]) => promisify(execFile)("docker", args);
const configured = { ...everything, enabled: false };
const answerSchema = z.object({
  success: z.boolean(),
  data: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});
let running: TestService;

beforeAll(async () => {
  const engine = createDockerEngine({ environment: testEnvironment, instanceId: "test-image" });
  await ensureTestImage(engine);
  await engine.close();
});

beforeEach(async () => {
  const dockerHost = testEnvironment.dockerHost ?? "unix:///var/run/docker.sock";
  running = await startTestService({ mcpServers: [configured] }, { variables: { DOCKER_HOST: dockerHost } });
  for (const server of ["everything", "gone", "other"]) await createCache(server);
});

afterEach(async () => {
  const { instanceId } = running.service.core;
  await running[Symbol.asyncDispose]();
  await removeTestCaches(instanceId);
});

test("the API lists caches, and says which belong to no server of the config", async () => {
  expect(await ask("/caches")).toMatchObject({
    data: {
      caches: [
        { server: "everything", sizeBytes: 0, isOrphaned: false, isInUse: false, createdAt: expect.any(String) },
        { server: "gone", isOrphaned: true },
        { server: "other", isOrphaned: true },
      ],
      problems: [],
    },
  });
});

test("the cache of one server is removed by its name", async () => {
  expect(await ask("/caches/gone", { method: "DELETE" })).toMatchObject({ data: { removed: [{ server: "gone" }] } });
  expect(await ask("/caches/gone", { method: "DELETE" })).toMatchObject({
    error: { code: "not_found", message: expect.stringContaining("everything, other") },
  });
});

test("orphaned caches go, those of configured servers stay", async () => {
  expect(await prune({ kind: "orphaned" })).toMatchObject({
    data: { removed: [{ server: "gone" }, { server: "other" }], kept: [] },
  });
  expect(await servers()).toEqual(["everything"]);
});

test("no cache is orphaned while the config cannot be used", async () => {
  const { core } = running.service;
  core.config = { ...core.config, settings: undefined };
  expect(await prune({ kind: "orphaned" })).toMatchObject({ data: { removed: [] } });
});

test("a cache that a container has mounted stays, with the reason", async () => {
  const volume = cacheVolumeName(running.service.core.instanceId, "gone");
  const { stdout } = await docker("create", `--mount=type=volume,source=${volume},target=/c`, testImage, "x");
  try {
    expect(await ask("/caches/gone", { method: "DELETE" })).toMatchObject({
      error: { code: "cache_in_use", message: expect.stringContaining("docker rm") },
    });
    expect(await prune({ kind: "all" })).toMatchObject({
      data: { removed: [{ server: "everything" }, { server: "other" }], kept: [{ cache: { server: "gone" } }] },
    });
  } finally {
    await docker("rm", stdout.trim());
  }
});

test.each(["", "{}", '{"kind":"servers","names":[]}', '{"kind":"all","force":true}'])(
  "a prune that does not say what is refused: %s",
  async (body) => {
    expect(await ask("/caches/prune", { method: "POST", body })).toMatchObject({ error: { code: "invalid_request" } });
    expect(await servers()).toHaveLength(3);
  },
);

async function createCache(server: string): Promise<void> {
  const { instanceId } = running.service.core;
  const labels = Object.entries(cacheVolumeLabels(instanceId, server)).map(
    ([name, value]) => `--label=${name}=${value}`,
  );
  await docker("volume", "create", ...labels, cacheVolumeName(instanceId, server));
}

async function servers(): Promise<readonly string[]> {
  const { data } = await ask("/caches");
  const { caches } = z.object({ caches: z.array(z.object({ server: z.string() })) }).parse(data);
  return caches.map(({ server }) => server);
}

function prune(selection: object): Promise<z.output<typeof answerSchema>> {
  return ask("/caches/prune", { method: "POST", body: JSON.stringify(selection) });
}

async function ask(path: string, request: RequestInit = {}): Promise<z.output<typeof answerSchema>> {
  const headers = { "x-api-key": running.apiKey };
  const response = await fetch(`${running.url}/api/v1${path}`, { ...request, headers });
  return answerSchema.parse(await response.json());
}
