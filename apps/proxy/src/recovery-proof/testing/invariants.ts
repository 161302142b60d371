import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import { openStore } from "../../store/open-store.ts";
import { until } from "../../testing/until.ts";
import { labelledContainers, labelledNetworks, labelledVolumes, type LabelledContainer } from "./docker-command.ts";
import { processesWithHome } from "./marked-processes.ts";
import type { ProxyUnderTest } from "./proxy-under-test.ts";

const pageSize = 500;

export interface InvariantOptions {
  /** How long what is just ending may take. */
  readonly deadlineMs?: number;
}

/** What has to be true after every scenario, whether the proxy runs or was stopped; fails with all that is not. */
export async function checkInvariants(proxy: ProxyUnderTest, options: InvariantOptions = {}): Promise<void> {
  const { deadlineMs = 60_000 } = options;
  let violations: readonly string[] = [];
  const areHeld = async (): Promise<true | undefined> => {
    violations = await findViolations(proxy);
    return violations.length === 0 || undefined;
  };
  try {
    await until("the invariants hold", areHeld, deadlineMs);
  } catch (error) {
    throw new Error(`Invariants do not hold:\n${violations.join("\n")}`, { cause: error });
  }
}

/** All that is wrong right now, one sentence each. */
export async function findViolations(proxy: ProxyUnderTest): Promise<readonly string[]> {
  const runs = await readRuns(proxy);
  const containers = await labelledContainers(proxy.docker, proxy.instanceId);
  const config = await readConfigured(proxy);
  const open = runs.filter(({ state }) => state !== "ended");
  return [
    ...runs.flatMap(brokenRun),
    ...open.flatMap((run) => unbackedRun(run, { containers, isRunning: proxy.isRunning })),
    ...containers.flatMap((container) => strayContainer(container, open, config)),
    ...surplusContainers(containers, open, config),
    ...(await strayNetworks(proxy, open)),
    ...(await strayVolumes(proxy, config)),
    ...strayProcesses(proxy, open),
    ...proxy.requests.waiting.map((request) => `A client still waits for the answer to request ${request}.`),
  ];
}

interface Configured {
  readonly servers: ReadonlySet<string>;
  readonly keepExited: number;
}

/** The tests write these configs themselves. */
const configSchema = z.object({
  docker_isolation: z.object({ keep_exited: z.number().default(1) }).prefault({}),
  mcpServers: z.array(z.object({ name: z.string() })).default([]),
});

async function readConfigured(proxy: ProxyUnderTest): Promise<Configured> {
  const config = configSchema.parse(JSON.parse(await readFile(proxy.configPath, "utf8")));
  return {
    servers: new Set(config.mcpServers.map(({ name }) => name)),
    keepExited: config.docker_isolation.keep_exited,
  };
}

/** Over REST while the proxy runs, from its database otherwise. */
async function readRuns(proxy: ProxyUnderTest): Promise<readonly RunRecord[]> {
  if (proxy.isRunning) return await proxy.runs();
  const store = await openStore({ databasePath: join(proxy.dataDirectory, "mcpproxy.db"), onNotice: () => undefined });
  try {
    return (await store.runs.list({ limit: pageSize })).runs;
  } finally {
    await store.close();
  }
}

function brokenRun({ id, server, state, verdict, endedAt }: RunRecord): readonly string[] {
  const isFinished = state === "ended" || endedAt !== null;
  return isFinished && (verdict === null || endedAt === null || state !== "ended")
    ? [`Run ${id} of ${server} is finished (${state}) without verdict or end.`]
    : [];
}

/** Before it is created a run has no container yet; nobody has one while no proxy runs. */
function unbackedRun(
  run: RunRecord,
  facts: { readonly containers: readonly LabelledContainer[]; readonly isRunning: boolean },
): readonly string[] {
  const name = `Run ${run.id} of ${run.server} is open (${run.state})`;
  if (!facts.isRunning) return [`${name}, but no proxy runs.`];
  if (run.state === "pulling" || run.state === "creating" || run.containerId === null) return [];
  if (run.containerId.startsWith("pid:"))
    return isAlive(Number(run.containerId.slice(4))) ? [] : [`${name}, but its process is gone.`];
  const container = facts.containers.find(({ id }) => id === run.containerId);
  return container === undefined || container.state === "exited"
    ? [`${name}, but its container is ${container?.state ?? "gone"}.`]
    : [];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function strayContainer(
  { name, state, server, runId }: LabelledContainer,
  open: readonly RunRecord[],
  { servers }: Configured,
): readonly string[] {
  if (open.some(({ id }) => id === runId)) return [];
  if (state !== "exited") return [`Container ${name} is ${state} without an open run.`];
  return servers.has(server) ? [] : [`Container ${name} is kept, but there is no server ${server}.`];
}

function surplusContainers(
  containers: readonly LabelledContainer[],
  open: readonly RunRecord[],
  { keepExited }: Configured,
): readonly string[] {
  const kept = containers.filter(({ runId }) => open.every(({ id }) => id !== runId));
  const byServer = Map.groupBy(kept, ({ server }) => server);
  return [...byServer].flatMap(([server, list]) =>
    list.length > keepExited ? [`${server} keeps ${list.length} containers, but may keep ${keepExited}.`] : [],
  );
}

async function strayNetworks(proxy: ProxyUnderTest, open: readonly RunRecord[]): Promise<readonly string[]> {
  const networks = await labelledNetworks(proxy.docker, proxy.instanceId);
  const isUsed = open.some(({ limits }) => limits.network === "allowlist");
  return isUsed ? [] : networks.map((name) => `Network ${name} is there without an open run with an allow-list.`);
}

async function strayVolumes(proxy: ProxyUnderTest, { servers }: Configured): Promise<readonly string[]> {
  const volumes = await labelledVolumes(proxy.docker, proxy.instanceId);
  return volumes.flatMap(({ name, server }) =>
    servers.has(server) ? [] : [`Cache volume ${name} belongs to ${server}, which is no server.`],
  );
}

/** Everything has to descend from the proxy that runs, and it may have children only while a run is open or it pulls. */
function strayProcesses(proxy: ProxyUnderTest, open: readonly RunRecord[]): readonly string[] {
  const processes = processesWithHome(proxy.home);
  const parents = new Map(processes.map(({ pid, parentPid }) => [pid, parentPid]));
  const own = proxy.isRunning ? proxy.process?.pid : undefined;
  const descends = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === own || descends(parents.get(pid)));
  return processes.flatMap(({ pid, command }) => {
    if (pid === own || (descends(pid) && open.length > 0)) return [];
    return [`Process ${pid} is left: ${command}`];
  });
}
