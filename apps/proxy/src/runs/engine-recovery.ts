import type { RunEngine } from "@mcpproxy/core/run/run-record";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import type { ContainerEngine } from "../engine/engine.ts";
import type { EngineSetChange } from "../engine/engine-set.ts";
import { keptForMs } from "./kept-containers.ts";
import { closeLostRuns, recoverHostRuns, recoverRuns, type RecoverOptions } from "./recover-runs.ts";
import type { RunDependencies } from "./run-dependencies.ts";

export interface EngineRecoveryOptions extends Pick<RecoverOptions, "isLive" | "isConfigured"> {
  keepExited(): number;
}

/** An engine that was asked by a killed MCPProxy may finish creating a container after the first look. */
const secondLookMs = 60_000;

/** Says in the log which engines there are, and closes on each what an earlier MCPProxy left open there. */
export class EngineRecovery {
  private readonly dependencies: RunDependencies;
  private readonly options: EngineRecoveryOptions;
  /** Engines on which everything that was left has been seen to. */
  private readonly cleaned = new WeakSet<ContainerEngine>();
  private former: Promise<void> = Promise.resolve();
  private secondLook: NodeJS.Timeout | undefined;

  constructor(dependencies: RunDependencies, options: EngineRecoveryOptions) {
    this.dependencies = dependencies;
    this.options = options;
  }

  /** Resolves when the engines that answer are recovered; the others are when they appear. */
  async start(): Promise<void> {
    const { engines } = this.dependencies;
    await recoverHostRuns(this.dependencies);
    engines.onChange((change) => this.note(change));
    await engines.fallback.engine?.probe();
    this.reportStatus(engines.fallback.status);
    const others = engines.list().filter((engine) => engine !== engines.fallback.engine);
    for (const engine of others) this.reportStatus(engine.status);
    const available = engines.list().filter(({ status }) => status.state === "available");
    await Promise.all(available.map((engine) => this.recoverOn(engine)));
    this.former = this.recoverFormerEngines();
    this.secondLook = setTimeout(() => this.lookAgain(), secondLookMs).unref();
  }

  /** Resolves when nothing is being recovered any more. */
  async settled(): Promise<void> {
    clearTimeout(this.secondLook);
    await this.former;
    await Promise.all(this.dependencies.recoveries.all);
  }

  private lookAgain(): void {
    const available = this.dependencies.engines.list().filter(({ status }) => status.state === "available");
    for (const engine of available) void this.recoverAgain(engine);
  }

  private note(change: EngineSetChange): void {
    const { mainLog } = this.dependencies;
    switch (change.kind) {
      case "engine-changed": {
        const { engine, status } = change;
        mainLog.info({ endpoint: status.endpoint, context: status.context }, `Docker is ${status.state}`);
        if (status.state === "available") void this.recoverOn(engine);
        break;
      }
      case "events-missed": {
        const place = { endpoint: change.status.endpoint, context: change.status.context, ...change.gap };
        mainLog.warn(place, "the stream of Docker events was cut; the containers were asked how they are");
        break;
      }
      case "unwatched-start":
        void this.recoverAgain(change.engine);
        break;
      case "choice-changed": {
        const { status, reason } = change.choice;
        const place = { endpoint: status.endpoint, context: status.context, reason };
        mainLog.info(place, "another Docker engine was chosen: new runs go there, runs that live stay where they are");
        this.reportStatus(status);
        break;
      }
      default:
        change satisfies never;
    }
  }

  private reportStatus({ endpoint, problem, warnings }: EngineStatus): void {
    const { mainLog } = this.dependencies;
    if (problem !== null) mainLog.warn({ endpoint }, `Docker is not reachable: ${problem.message} ${problem.remedy}`);
    for (const warning of warnings) mainLog.warn({ endpoint }, warning);
  }

  /** One that is under way may have looked before this happened. Never rejects. */
  private async recoverAgain(engine: ContainerEngine): Promise<void> {
    await this.dependencies.recoveries.runningOn(engine);
    await this.recoverOn(engine);
  }

  /** Never rejects. */
  private recoverOn(engine: ContainerEngine): Promise<void> {
    const { recoveries } = this.dependencies;
    const running = recoveries.runningOn(engine);
    if (running !== undefined) return running;
    const { isLive, isConfigured } = this.options;
    const keepExited = this.options.keepExited();
    const leftovers = this.cleaned.has(engine) ? "of-runs" : "all";
    const recovery = recoverRuns(this.dependencies, { engine, keepExited, isLive, isConfigured, leftovers })
      .then(() => {
        this.cleaned.add(engine);
        return this.removeNetwork(engine);
      })
      .catch((error: unknown) =>
        this.dependencies.mainLog.error(
          { error: String(error), endpoint: engine.status.endpoint },
          "could not close the runs of an earlier MCPProxy; it is tried again when Docker comes back",
        ),
      );
    recoveries.close(engine, recovery);
    return recovery;
  }

  /** Another MCPProxy of this instance may be about to put a container on it: its run is open by then. */
  private async removeNetwork(engine: ContainerEngine): Promise<void> {
    const { store, egress } = this.dependencies;
    const open = await store.runs.open();
    if (open.every(({ run }) => run.limits.network !== "allowlist")) await egress.removeLeftover(engine);
  }

  /** Engines that no server uses any more, but earlier runs did: their containers would be left for ever. */
  private async recoverFormerEngines(): Promise<void> {
    const { store, engines, clock, mainLog } = this.dependencies;
    try {
      const since = new Date(Date.parse(clock.timestamp()) - 2 * keptForMs).toISOString();
      for (const place of await store.runs.engines(since)) {
        if (!engines.list().some((engine) => engines.isPlaceOf(engine, place))) await this.recoverFormer(place);
      }
    } catch (error) {
      mainLog.error({ error: String(error) }, "could not close the runs of engines that are not used any more");
    }
  }

  private async recoverFormer(place: RunEngine): Promise<void> {
    const lease = await this.dependencies.engines.leaseFormer(place);
    if (lease === undefined) {
      await closeLostRuns(this.dependencies, { place, reason: "It cannot be found any more." });
      return;
    }
    try {
      const { state, problem } = lease.engine.status;
      if (state === "available") await this.recoverOn(lease.engine);
      else await closeLostRuns(this.dependencies, { place, reason: problem?.message ?? "It does not answer." });
    } finally {
      lease.release();
    }
  }
}
