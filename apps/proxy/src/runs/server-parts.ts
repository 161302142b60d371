import type { ServerHold } from "../store/store.ts";
import { configHashOf } from "./config-hash.ts";
import { EngineWait } from "./engine-wait.ts";
import { HoldKeeper, intentOfHold } from "./hold-keeper.ts";
import { LastRun, type LastVerdict } from "./last-run.ts";
import { RestartLoop } from "./restart-loop.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { ServerCondition } from "./server-condition.ts";
import type { ServerSpec } from "./server-spec.ts";
import { StartPermission } from "./start-permission.ts";

/** What the store knows of a server from before. */
export interface FormerServer {
  readonly lastVerdict: LastVerdict | null;
  readonly hold: ServerHold | undefined;
}

/** What there is to one server beside its runs: its state, and what decides whether and when it starts. */
export interface ServerParts {
  readonly dependencies: RunDependencies;
  /** As the config says it right now. */
  spec(): ServerSpec;
  readonly condition: ServerCondition;
  readonly last: LastRun;
  readonly engine: EngineWait;
  readonly holds: HoldKeeper;
  readonly restarts: RestartLoop;
  readonly permission: StartPermission;
}

export interface ServerPartsOptions {
  readonly server: string;
  readonly dependencies: RunDependencies;
  readonly former: FormerServer;
  spec(): ServerSpec;
  onChange(): void;
  /** The time of a planned try has come. */
  onDue(): void;
}

/** The parts of a server as an earlier MCPProxy left it: one that was to stay down stays down. */
export function createServerParts(options: ServerPartsOptions): ServerParts {
  const { server, dependencies, former, spec, onChange, onDue } = options;
  const condition = new ServerCondition({ server, mainLog: dependencies.mainLog, onChange });
  const last = new LastRun(former.lastVerdict);
  const holds = createHolds(options);
  const restarts = new RestartLoop({
    clock: dependencies.clock,
    random: () => dependencies.random(),
    settings: () => spec().supervision.restart,
    onDue,
  });
  const permission = new StartPermission({
    server,
    restarts,
    view: () => ({
      state: condition.state,
      lastVerdict: last.verdict,
      maxAttempts: spec().supervision.restart.maxAttempts,
    }),
  });
  const hold = holds.resume(former.hold);
  if (hold?.kind === "held") permission.heldBy = intentOfHold(hold);
  if (hold?.kind === "parked") {
    restarts.resume(hold.failures);
    condition.resume("parked");
  }
  const engine = new EngineWait(dependencies.engines, spec);
  return { dependencies, spec, condition, last, engine, holds, restarts, permission };
}

function createHolds({ server, dependencies, spec }: ServerPartsOptions): HoldKeeper {
  const { store, clock, mainLog } = dependencies;
  return new HoldKeeper({
    server,
    holds: store.holds,
    clock,
    configHash: () => configHashOf(spec(), dependencies),
    onError: (error) =>
      mainLog.error({ server, error: String(error) }, "could not store that a server is to stay down"),
  });
}
