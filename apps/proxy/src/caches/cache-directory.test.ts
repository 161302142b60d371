import { expect, it } from "vitest";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { createCacheDirectory } from "./cache-directory.ts";

it("says which engine could not be asked", async () => {
  const engine = createDockerEngine({
    environment: { dockerConfigDir: "/none", dockerHost: "unix:///none/docker.sock" },
    instanceId: "instance",
  });
  const caches = createCacheDirectory({
    instanceId: "instance",
    sizeDeadlineMs: 0,
    engines: () => [engine],
    servers: () => [],
  });
  const problems = [expect.stringContaining("/none/docker.sock")];
  expect(await caches.list()).toEqual({ caches: [], problems });
  expect(await caches.prune({ kind: "all" })).toEqual({ removed: [], kept: [], problems });
  await engine.close();
});
