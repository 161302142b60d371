import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import type { ContainerEngine, ImageFacts } from "../engine.ts";
import { testEnvironment } from "../testing/docker-fixture.ts";
import { startLoopbackRegistry, type LoopbackRegistry } from "../testing/loopback-registry.ts";
import { createDockerEngine } from "./docker-engine.ts";

const layerBytes = 8 * 1024 * 1024;
let engine: ContainerEngine;
let registry: LoopbackRegistry;

beforeAll(async () => {
  engine = createDockerEngine({ environment: testEnvironment, instanceId: "pull-test" });
  registry = await startLoopbackRegistry(layerBytes);
});

afterAll(async () => {
  await engine.close();
  execFileSync("docker", ["rmi", "--force", registry.image], { stdio: "ignore" });
  await registry[Symbol.asyncDispose]();
});

function ensure(image: string): Promise<{ facts: ImageFacts; progress: PullProgress[]; startedPulls: number }> {
  const progress: PullProgress[] = [];
  let startedPulls = 0;
  return engine
    .ensureImage({
      image,
      policy: "missing",
      deadlineMs: 30_000,
      signal: new AbortController().signal,
      onPullStarted: () => (startedPulls += 1),
      onProgress: (update) => progress.push(update),
    })
    .then((facts) => ({ facts, progress, startedPulls }));
}

test("a missing image is pulled with progress in bytes and layers, and told by its digest", async () => {
  const { facts, progress, startedPulls } = await ensure(registry.image);
  expect(startedPulls).toBe(1);
  expect(facts).toMatchObject({ wasPulled: true, digest: expect.stringContaining(registry.digest) });
  expect(facts.builtFromHost).toBeUndefined();
  expect(progress.at(-1)).toMatchObject({ image: registry.image, layersDone: 1, layersTotal: 1 });
  expect(Math.max(...progress.map((update) => update.bytesTotal))).toBeGreaterThanOrEqual(layerBytes);
  const done = progress.map((update) => update.bytesDone);
  expect(done).toEqual(done.toSorted((one, other) => one - other));
});

test("an image that is here is not pulled again", async () => {
  const { facts, startedPulls } = await ensure(registry.image);
  expect([facts.wasPulled, startedPulls]).toEqual([false, 0]);
});

test("an image that the registry does not have says so", async () => {
  await expect(ensure(registry.image.replace("made-up", "nothing"))).rejects.toMatchObject({
    detail: { stage: "image", code: "not_found" },
  });
});
