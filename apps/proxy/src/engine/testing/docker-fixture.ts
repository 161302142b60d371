import { randomBytes, randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ContainerIdentity, IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import { readEnvironment } from "../../environment.ts";
import { buildImageFromHost } from "../docker/build-from-host.ts";
import type { DockerEnvironment } from "../docker/docker-endpoint.ts";
import { instanceLabel, managedLabel } from "@mcpproxy/core/docker/labels";
import type { ContainerEngine, ContainerLaunch } from "../engine.ts";

export const testImage = "mcpproxy-test/node:host";

/** The engine that the tests use: the one the docker command would. */
export const testEnvironment: DockerEnvironment = readEnvironment().docker;

const megabyte = 1024 * 1024;

/** A plan for a small program in the test image. */
export function testPlan(changes: Partial<IsolationPlan> & Pick<IsolationPlan, "command">): IsolationPlan {
  return {
    server: "contract",
    runtime: "node",
    image: testImage,
    env: [],
    limits: { memoryBytes: 256 * megabyte, memorySwapBytes: 256 * megabyte, cpus: 1, pids: 64, ulimits: [] },
    network: { mode: "none", allowHosts: [], dns: [], extraHosts: [] },
    tmpfs: [],
    devices: [],
    requiredPrograms: [],
    engine: { kind: "default" },
    mounts: [],
    hardening: {
      capDrop: ["ALL"],
      capAdd: [],
      hasNoNewPrivileges: true,
      securityOpt: [],
      hasInit: false,
      hasReadOnlyRoot: false,
    },
    logDriver: { name: "local", options: {} },
    pullPolicy: "never",
    timeouts: { pullMs: 10_000, startMs: 10_000, stopMs: 1_000 },
    ...changes,
  };
}

/** A launch of a new run of this instance. */
export function testLaunch(instanceId: string, plan: IsolationPlan): ContainerLaunch {
  const identity: ContainerIdentity = {
    name: `mcpproxy-${plan.server}-${randomBytes(4).toString("hex")}`,
    instanceId,
    runId: randomUUID(),
    createdAt: new Date().toISOString(),
  };
  return { plan, identity };
}

/** Builds the test image once per machine. */
export async function ensureTestImage(engine: ContainerEngine): Promise<void> {
  const signal = new AbortController().signal;
  const request = {
    image: testImage,
    policy: "never",
    deadlineMs: 1_000,
    signal,
    onPullStarted: ignore,
    onProgress: ignore,
  } as const;
  const isThere = await engine.ensureImage(request).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await buildImageFromHost({
    environment: testEnvironment,
    tag: testImage,
    nodePath: process.execPath,
    signal,
    onProgress: ignore,
  });
}

/** Removes what a test left behind, by the label pair that says whose it is. */
export async function removeTestContainers(instanceId: string): Promise<void> {
  const filters = ["--filter", `label=${managedLabel}=true`, "--filter", `label=${instanceLabel}=${instanceId}`];
  const { stdout } = await promisify(execFile)("docker", ["ps", "-aq", ...filters]);
  const ids = stdout.split("\n").filter((id) => id !== "");
  if (ids.length > 0) await promisify(execFile)("docker", ["rm", "-f", ...ids]);
}

const ignore = (): void => undefined;
