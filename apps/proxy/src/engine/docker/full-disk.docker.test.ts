import { expect, test } from "vitest";
import { EngineError } from "../engine.ts";
import { testEnvironment } from "../testing/docker-fixture.ts";
import { startLoopbackRegistry } from "../testing/loopback-registry.ts";
import { canStartSmallDaemon, startSmallDaemon } from "../testing/small-daemon.ts";
import { createDockerEngine } from "./docker-engine.ts";

const mebibyte = 1024 * 1024;

test.skipIf(!canStartSmallDaemon())("a pull that fills Docker's disk says so", async () => {
  await using registry = await startLoopbackRegistry({ layerBytes: [40 * mebibyte] });
  await using daemon = await startSmallDaemon({
    diskBytes: 48 * mebibyte,
    sharedPort: Number(new URL(`http://${registry.image}`).port),
  });
  const engine = createDockerEngine({
    environment: { ...testEnvironment, dockerHost: daemon.dockerHost },
    instanceId: "full-disk",
  });
  const pulled = engine.ensureImage({
    image: registry.image,
    policy: "missing",
    deadlineMs: 30_000,
    signal: new AbortController().signal,
    onPullStarted: () => undefined,
    onProgress: () => undefined,
  });
  const error: unknown = await pulled.catch((reason: unknown) => reason);
  await engine.close();
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ detail: { stage: "image", code: "no_space" } });
  expect(String(error)).toMatch(/No disk space is left.*no space left on device/s);
});
