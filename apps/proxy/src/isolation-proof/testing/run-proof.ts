import { randomUUID } from "node:crypto";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import type { IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import { planIsolation } from "@mcpproxy/core/plan/plan-isolation";
import type { IsolationReport } from "@mcpproxy/core/run/run-record";
import { createDockerEngine } from "../../engine/docker/docker-engine.ts";
import type { ContainerLaunch, Workload, WorkloadEnd } from "../../engine/engine.ts";
import { removeTestContainers, testEnvironment, testLaunch } from "../../engine/testing/docker-fixture.ts";
import { recordOutput, type RecordedOutput } from "../../engine/testing/recorded-output.ts";
import { ensureProofImage, proofImage } from "./proof-image.ts";

/** A server as the config file says it. */
export interface ProofServer {
  readonly command: readonly [string, ...string[]];
  readonly isolation?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface StartedProof {
  readonly launch: ContainerLaunch;
  readonly workload: Workload;
  readonly output: RecordedOutput;
}

export interface ProofOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly end: WorkloadEnd;
}

/** Runs servers in real containers the way MCPProxy does: from the config file through the plan to the engine. */
export interface Proof {
  /** Call once before the first server. */
  prepare(): Promise<void>;
  start(server: ProofServer): Promise<StartedProof>;
  /** Starts a server, waits for its end and removes it. */
  run(server: ProofServer): Promise<ProofOutcome>;
  /** What a Python program inside the container prints as JSON. */
  ask(script: string, isolation?: ProofServer["isolation"]): Promise<unknown>;
  /** How well a server is isolated, by what the engine says is in force before it starts. */
  report(isolation: ProofServer["isolation"]): Promise<IsolationReport>;
  close(): Promise<void>;
}

export function createProof(): Proof {
  const instanceId = `test-${randomUUID()}`;
  const engine = createDockerEngine({ environment: testEnvironment, instanceId });
  const start = async (server: ProofServer): Promise<StartedProof> => {
    const launch = testLaunch(instanceId, planOf(server));
    const output = recordOutput();
    const workload = await engine.create(launch, output);
    await workload.start();
    return { launch, workload, output };
  };
  const run = async (server: ProofServer): Promise<ProofOutcome> => {
    const { workload, output } = await start(server);
    const end = await workload.ended;
    await workload.remove();
    return { stdout: output.stdout().toString(), stderr: output.stderr(), end };
  };
  return {
    prepare: ensureProofImage,
    start,
    run,
    async ask(script, isolation) {
      const { stdout, stderr, end } = await run({ command: python(script), ...(isolation && { isolation }) });
      if (end.exitCode !== 0) throw new Error(`The program ended with ${end.exitCode}: ${stderr}`);
      return JSON.parse(stdout);
    },
    async report(isolation = {}) {
      const workload = await engine.create(
        testLaunch(instanceId, planOf({ command: ["true"], isolation })),
        recordOutput(),
      );
      const report = await engine.readIsolation(workload.id);
      await workload.remove();
      return report;
    },
    async close() {
      await engine.close();
      await removeTestContainers(instanceId);
    },
  };
}

/** The command of a Python program; the libraries that every proof needs are there. */
export function python(script: string): readonly [string, ...string[]] {
  return ["python3", "-c", `${preamble}\n${script}`];
}

/** `attempt(action)` gives what the action gives, or the name of the error that the kernel answered. */
const preamble = `
import errno, json, os, socket, sys
def attempt(action):
    try:
        return action()
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
def show(value):
    print(json.dumps(value), flush=True)
`;

function planOf({ command, isolation = {}, env = {} }: ProofServer): IsolationPlan {
  const [program, ...args] = command;
  const entry = { command: program, args, env, isolation: { image: proofImage, pull_policy: "never", ...isolation } };
  const { settings, servers } = parseConfig(JSON.stringify({ mcpServers: { proof: entry } }), "test.json");
  const [server] = servers;
  if (settings === undefined || !server?.ok)
    throw new Error(`The test's own config is wrong: ${JSON.stringify(servers)}`);
  const result = planIsolation({ server: server.server, settings, host: { platform: "linux" } });
  if (result.kind !== "isolated") throw new Error(`Not isolated: ${JSON.stringify(result)}`);
  return result.plan;
}
