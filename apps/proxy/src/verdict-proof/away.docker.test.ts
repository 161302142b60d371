import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testEnvironment } from "../engine/testing/docker-fixture.ts";
import { ensureProofImage } from "../isolation-proof/testing/proof-image.ts";
import { awayProofs } from "./proofs/away-proofs.ts";
import { startEngineRelay } from "./testing/engine-relay.ts";
import { proofConfig } from "./testing/proof-config.ts";
import { startProofProxy, type ProofProxy } from "./testing/proof-proxy.ts";
import type { ProofRun } from "./testing/proof-run.ts";
import { runWith } from "./testing/prove.ts";

const { shutdown, recovered, recoveredAfterEof, lost, engineUnavailable } = awayProofs;
const isEnded = ({ state }: ProofRun): boolean => state === "ended";
const isReady = ({ state }: ProofRun): boolean => state === "ready";
let proxy: ProofProxy;

beforeAll(async () => {
  await ensureProofImage();
  proxy = await startProofProxy({ config: proofConfig([shutdown, recovered, recoveredAfterEof, lost]) });
});
afterAll(() => proxy[Symbol.asyncDispose]());

async function serve(name: string): Promise<ProofRun> {
  await proxy.connect(name).initialized;
  return await proxy.firstRun(name, isReady);
}

test("a clean shutdown of MCPProxy", async () => {
  await serve(shutdown.name);
  await proxy.end("SIGTERM");
  await proxy.begin();
  expect(await proxy.firstRun(shutdown.name, isEnded)).toMatchObject(runWith(shutdown.expected));
});

test("MCPProxy killed: what still runs, what ended with its input, and what is gone", async () => {
  const [, , gone] = await Promise.all([recovered, recoveredAfterEof, lost].map(({ name }) => serve(name)));
  await proxy.end("SIGKILL");
  execFileSync("docker", ["rm", "-f", gone?.containerId ?? ""]);
  await proxy.begin();
  for (const { name, expected } of [recovered, recoveredAfterEof, lost])
    expect(await proxy.firstRun(name, isEnded)).toMatchObject(runWith(expected));
});

test("Docker that goes away between the decision to start and the start", async () => {
  const socketPath = (testEnvironment.dockerHost ?? "unix:///var/run/docker.sock").replace("unix://", "");
  await using relay = await startEngineRelay(socketPath);
  await using behind = await startProofProxy({
    config: proofConfig([engineUnavailable]),
    dockerHost: relay.dockerHost,
  });
  await behind.engineIsThere();
  await behind.api({ method: "POST", path: `/servers/${engineUnavailable.name}/start`, body: {} });
  const run = await behind.firstRun(engineUnavailable.name, isEnded);
  expect(run).toMatchObject(runWith(engineUnavailable.expected));
  expect(run.verdict?.remedy).toBeTruthy();
});
