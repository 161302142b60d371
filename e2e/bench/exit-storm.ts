import { containersOf, docker } from "../harness/docker.ts";
import { startProcess } from "../harness/managed-process.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

/** All containers killed in one moment; milliseconds from that moment. */
export interface ExitStorm {
  readonly containers: number;
  /** When the engine had said of the last one that it died: so long it takes to clear up after so many. */
  readonly lastDeathMs: number;
  /** When the last row had its verdict, as the API says. */
  readonly lastRowMs: number;
  readonly rowsWithVerdict: number;
  readonly verdicts: Readonly<Record<string, number>>;
}

const startDeadlineMs = 300_000;
const rowsDeadlineMs = 60_000;

/** Servers whose main processes are killed behind the engine's back, all at once; none is started again. Needs root. */
export async function measureExitStorm(containers: number): Promise<ExitStorm> {
  const servers = Array.from({ length: containers }, (_unused, index) =>
    containerFixture({ name: `storm-${index + 1}`, isolation: { restart: { policy: "never" } } }),
  );
  const product = await startProduct({ config: configOf(servers, { max_containers: containers }) });
  try {
    await allReady(product, containers);
    const ids = await containersOf({ instanceId: product.instanceId, which: "running" });
    if (ids.length !== containers) throw new Error(`${ids.length} of ${containers} containers run.`);
    return await killAll(product, ids);
  } finally {
    await product.dispose();
  }
}

/** Waits until every server has a client's answer to give. */
export async function allReady(product: Product, count: number): Promise<void> {
  await until(
    `${count} servers are ready`,
    async () => (await product.api.servers()).filter(({ state }) => state === "ready").length === count,
    { deadlineMs: startDeadlineMs, intervalMs: 500 },
  );
}

async function killAll({ api, instanceId }: Product, ids: readonly string[]): Promise<ExitStorm> {
  const pids = (await docker("inspect", "--format", "{{.State.Pid}}", ...ids)).split("\n").map(Number);
  const deaths = watchDeaths(instanceId);
  try {
    const beganAtMs = performance.timeOrigin + performance.now();
    for (const pid of pids) process.kill(pid, "SIGKILL");
    const rows = await until(
      `${ids.length} rows have a verdict`,
      async () => {
        // A question that costs the proxy next to nothing, as long as there is another answer to wait for.
        if ((await api.runs({ state: "ready", limit: "1" })).length > 0) return undefined;
        const ended = (await api.runs({ state: "ended", limit: "500" })).filter(({ verdict }) => verdict !== null);
        return ended.length >= ids.length && ended;
      },
      { deadlineMs: rowsDeadlineMs, intervalMs: 20 },
    );
    const lastRowMs = performance.timeOrigin + performance.now() - beganAtMs;
    return {
      containers: ids.length,
      lastDeathMs: (await deaths.last(ids.length)) - beganAtMs,
      lastRowMs,
      rowsWithVerdict: new Set(rows.map(({ containerId }) => containerId)).size,
      verdicts: countBy(rows.map(({ verdict }) => verdict?.kind ?? "none")),
    };
  } finally {
    await deaths.stop();
  }
}

/** What the engine says itself. Since a second ago, because listening begins late; the engine remembers 256 events only. */
function watchDeaths(instanceId: string): { last(count: number): Promise<number>; stop(): Promise<void> } {
  const filters = ["event=die", `label=com.mcpproxy.instance=${instanceId}`].flatMap((filter) => ["--filter", filter]);
  const since = String(Math.floor(Date.now() / 1_000) - 1);
  const events = startProcess({
    program: "docker",
    args: ["events", "--since", since, ...filters, "--format", "{{.TimeNano}}"],
  });
  const times = (): readonly number[] =>
    events
      .stdout()
      .split("\n")
      .filter((line) => line !== "")
      .map((nanoseconds) => Number(nanoseconds) / 1e6);
  return {
    async last(count) {
      await until(`${count} deaths`, () => times().length >= count, { deadlineMs: rowsDeadlineMs });
      return Math.max(...times());
    },
    stop: async () => void (await events.stop("SIGTERM", 5_000)),
  };
}

function countBy(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
