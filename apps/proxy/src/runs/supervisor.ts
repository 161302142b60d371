import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import type { PolicyReason, StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import { policyIntent } from "./policy-intent.ts";
import { RoomMaker } from "./make-room.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import type { NotRunnable } from "./run-failure.ts";
import type { LastVerdict } from "./last-run.ts";
import type { FormerServer } from "./server-parts.ts";
import { ServerSupervisor } from "./server-supervisor.ts";
import type { ServerSpec } from "./server-spec.ts";

const removed: NotRunnable = {
  code: "removed_from_config",
  message: "It is no longer in the config.",
  remedy: "Put it back into the config file and connect again.",
};
const shuttingDown: NotRunnable = {
  code: "shutting_down",
  message: "MCPProxy is stopping.",
  remedy: "Start MCPProxy again.",
};

/** All configured servers. */
export class Supervisor {
  private readonly dependencies: RunDependencies;
  private isStarted = false;
  private readonly byName = new Map<string, ServerSupervisor>();
  /** No longer configured, but their runs still end. */
  private readonly leaving = new Set<ServerSupervisor>();
  private isClosed = false;

  constructor(dependencies: RunDependencies) {
    this.dependencies = dependencies;
    new RoomMaker(dependencies.room, () => [...this.byName.values()]).begin();
    dependencies.engines.onChange(() => {
      for (const server of this.byName.values()) server.engineChanged();
      dependencies.feed.publish({ kind: "status" });
    });
  }

  find(name: string): ServerSupervisor | undefined {
    return this.byName.get(name);
  }

  /** In the order of the config as first read. */
  get servers(): readonly ServerSupervisor[] {
    return [...this.byName.values()];
  }

  liveRun(runId: string): RunRecord | undefined {
    for (const server of this.byName.values()) {
      const run = server.liveRun(runId);
      if (run !== undefined) return run;
    }
    return undefined;
  }

  list(): readonly ServerRecord[] {
    return [...this.byName.values()].map((server) => server.record());
  }

  /** Takes the servers of a config: new ones are added, changed ones restarted with the reason, missing ones stopped. */
  async apply(specs: readonly ServerSpec[]): Promise<void> {
    const former = await this.formerServers();
    if (this.isClosed) return;
    const named = new Map(specs.map((spec) => [spec.name, spec]));
    const gone = [...this.byName.values()].filter((server) => !named.has(server.name));
    const changes = specs.map((spec) => this.applyOne(spec, former(spec.name)));
    await Promise.all([...gone.map((server) => this.removeServer(server)), ...changes]);
  }

  /** Starts the servers of now, and from now on those that a new config adds. */
  startAll(): void {
    this.isStarted = true;
    for (const server of this.byName.values()) server.startWithProxy("eager");
  }

  /** Stops every run in order, and lets no other start; resolves when each has its verdict. */
  async shutdown(): Promise<void> {
    this.isClosed = true;
    const servers = [...this.byName.values(), ...this.leaving];
    await Promise.all(servers.map((server) => server.retire(shuttingDown, this.intent("shutdown"))));
  }

  userIntent(actor: string, note: string | undefined): StopIntent {
    return {
      at: this.dependencies.clock.timestamp(),
      actor,
      reason: note === undefined ? { kind: "user" } : { kind: "user", note },
    };
  }

  private async applyOne(spec: ServerSpec, former: FormerServer): Promise<void> {
    const existing = this.byName.get(spec.name);
    if (existing !== undefined) {
      await existing.replaceSpec(spec, ({ policy, detail }) => this.intent(policy, detail));
      return;
    }
    const added = new ServerSupervisor(spec, this.dependencies, former);
    this.byName.set(spec.name, added);
    this.dependencies.feed.publish({ kind: "server", server: added.record() });
    if (this.isStarted) added.startWithProxy("config");
  }

  private async removeServer(server: ServerSupervisor): Promise<void> {
    this.byName.delete(server.name);
    this.leaving.add(server);
    server.forgetHold();
    await server.retire(removed, this.intent("config_changed", "removed from the config"));
    this.leaving.delete(server);
    await this.dependencies.kept.removeOf(server.name);
    this.dependencies.feed.publish({ kind: "server-removed", name: server.name });
  }

  private intent(policy: PolicyReason, detail?: string): StopIntent {
    return policyIntent(this.dependencies.clock, { policy, detail });
  }

  private async formerServers(): Promise<(name: string) => FormerServer> {
    const [verdicts, holds] = await Promise.all([this.lastVerdicts(), this.dependencies.store.holds.all()]);
    return (name) => ({
      lastVerdict: verdicts.get(name) ?? null,
      hold: holds.find(({ server }) => server === name),
    });
  }

  private async lastVerdicts(): Promise<ReadonlyMap<string, LastVerdict>> {
    const ended = await this.dependencies.store.runs.lastEnded();
    return new Map(
      [...ended].flatMap(([name, run]) =>
        run.verdict === null || run.endedAt === null
          ? []
          : [[name, { runId: run.id, endedAt: run.endedAt, verdict: run.verdict }]],
      ),
    );
  }
}
