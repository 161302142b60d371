import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { scoreIsolation } from "@mcpproxy/core/report/score-isolation";
import type { InForce } from "@mcpproxy/core/report/in-force";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  ensureTestImage,
  removeTestContainers,
  testEnvironment,
  testImage,
  testLaunch,
  testPlan,
} from "../testing/docker-fixture.ts";
import { recordOutput } from "../testing/recorded-output.ts";
import { createDockerConnector } from "./docker-connector.ts";
import { createDockerEngine } from "./docker-engine.ts";
import { readEngineInfo } from "./engine-info.ts";
import { readInForce } from "./in-force.ts";

const instanceId = `test-${randomUUID()}`;
const engine = createDockerEngine({ environment: testEnvironment, instanceId });
const connector = createDockerConnector(testEnvironment);
const network = `mcpproxy-test-${randomUUID()}`;
const created: string[] = [];

const docker = async (...args: string[]) => (await promisify(execFile)("docker", args)).stdout.trim();
async function read(containerId: string): Promise<InForce> {
  const { docker: client } = await connector.connect();
  return readInForce(client, containerId, readEngineInfo(client));
}

/** A container that somebody made without MCPProxy. */
async function foreign(...flags: string[]): Promise<InForce> {
  const id = await docker("create", ...flags, testImage, "node");
  created.push(id);
  return read(id);
}

beforeAll(async () => {
  await ensureTestImage(engine);
  await docker("network", "create", "--internal", network);
});
afterAll(async () => {
  await engine.close();
  await removeTestContainers(instanceId);
  if (created.length > 0) await docker("rm", "--force", "--volumes", ...created);
  await docker("network", "rm", network);
});

it("tells what is in force before the container starts", async () => {
  const plan = testPlan({ command: ["node"], mounts: [{ source: "/etc/ssl", target: "/mnt", isReadOnly: true }] });
  const workload = await engine.create(testLaunch(instanceId, plan), recordOutput());
  expect(await read(workload.id)).toMatchObject({
    memoryBytes: 256 * 1024 ** 2,
    memorySwapBytes: 256 * 1024 ** 2,
    nanoCpus: 1e9,
    pidsLimit: 64,
    isPrivileged: false,
    capDrop: ["ALL"],
    securityOpt: ["no-new-privileges"],
    areSystemPathsMasked: true,
    user: "",
    networkMode: "none",
    mounts: [{ kind: "bind", source: "/etc/ssl", target: "/mnt", isReadOnly: true }],
    ociRuntime: "runc",
    restartPolicy: "no",
    engine: { enforcesMemory: true, hasSeccomp: true },
  });
  await workload.remove();
});

const everythingOpen =
  "--privileged --network=host --pid=host --ipc=host --uts=host --restart=always --oom-kill-disable " +
  "--device=/dev/null --volume=/:/host --volume=/data --cpu-quota=50000";

it("tells what a container of someone else's makes open", async () => {
  const inForce = await foreign(...everythingOpen.split(" "));
  expect(inForce).toMatchObject({
    memoryBytes: 0,
    nanoCpus: 5e8,
    pidsLimit: 0,
    isOomKillDisabled: true,
    isPrivileged: true,
    capDrop: [],
    areSystemPathsMasked: false,
    networkMode: "host",
    pidMode: "host",
    ipcMode: "host",
    utsMode: "host",
    devices: ["/dev/null"],
    hasInit: false,
    restartPolicy: "always",
  });
  expect(inForce.mounts).toEqual(
    expect.arrayContaining([
      { kind: "bind", source: "/", target: "/host", isReadOnly: false },
      expect.objectContaining({ kind: "volume", target: "/data", isReadOnly: false }),
    ]),
  );
  expect(scoreIsolation(inForce)).toMatchObject({ score: 0, isHostNetwork: true, isPrivileged: true });
});

it("knows a network without a way out", async () => {
  expect(await foreign("--network", network)).toMatchObject({ networkMode: network, isInternalNetwork: true });
  expect(await foreign("--publish=127.0.0.1::80")).toMatchObject({ isInternalNetwork: false, hasPublishedPorts: true });
});

it("rejects for a container that is gone", async () => {
  await expect(read("0".repeat(64))).rejects.toMatchObject({ statusCode: 404 });
});
