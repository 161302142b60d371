import { once } from "node:events";
import { createServer } from "node:http";
import { expect, it } from "vitest";
import { cacheVolumeLabels } from "./cache-labels.ts";
import { listCaches } from "./cache-volumes.ts";
import { createDockerConnector } from "./docker-connector.ts";

it("lists without sizes when the engine takes too long to count", async () => {
  const volume = { Name: "volume", Labels: cacheVolumeLabels("instance", "server") };
  await using engine = await startEngine({ "/volumes": { Volumes: [volume] }, "/containers/json": [] });
  const connector = createDockerConnector({ dockerConfigDir: "/none", dockerHost: engine.url });
  expect(await listCaches(connector, { instanceId: "instance", sizeDeadlineMs: 50 })).toEqual([
    { volume: "volume", server: "server", instance: "instance", createdAt: null, sizeBytes: null, usedBy: [] },
  ]);
});

it("says that the engine is away", async () => {
  const connector = createDockerConnector({ dockerConfigDir: "/none", dockerHost: "unix:///none/docker.sock" });
  const failure = listCaches(connector, { instanceId: "instance", sizeDeadlineMs: 50 });
  await expect(failure).rejects.toMatchObject({ detail: { stage: "engine" } });
});

/** An engine that never answers what it has no answer for. */
async function startEngine(answers: Readonly<Record<string, unknown>>): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(({ url = "" }, response) => {
    const answer = answers[url.replace(/\?.*$/, "")];
    if (answer !== undefined) response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `tcp://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
