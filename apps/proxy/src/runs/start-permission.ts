import type { RunTrigger } from "@mcpproxy/core/run/run-record";
import type { ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import { restProblem } from "./rest-problem.ts";
import type { RestartLoop } from "./restart-loop.ts";
import { heldError, notRunnableError, restingError, ServerUnavailableError, type NotRunnable } from "./run-failure.ts";

/** A call waits for the next try of a looping server when it is this near; for a later one it fails at once. */
const longestWaitForTryMs = 5_000;

export interface PermissionView {
  readonly state: ServerState;
  readonly lastVerdict: ServerRecord["lastVerdict"];
  readonly maxAttempts: number;
}

export interface StartPermissionOptions {
  readonly server: string;
  readonly restarts: RestartLoop;
  view(): PermissionView;
}

/** Who may start a server now: nobody once it is retired, only a person while one holds it or it is parked. */
export class StartPermission {
  /** A person stopped it: only a person (or a changed config) starts it again. */
  heldBy: StopIntent | undefined;
  /** It left the config, or MCPProxy stops: nothing starts it again. */
  retiredFor: NotRunnable | undefined;
  /** Calls that wait for the next try. */
  waitingCalls = 0;
  private readonly options: StartPermissionOptions;

  constructor(options: StartPermissionOptions) {
    this.options = options;
  }

  /** Throws ServerUnavailableError with what stands in the way. */
  check(trigger: RunTrigger): void {
    const { server, view } = this.options;
    if (this.retiredFor !== undefined) throw new ServerUnavailableError(notRunnableError(server, this.retiredFor));
    if (this.heldBy !== undefined) throw new ServerUnavailableError(heldError(server, this.heldBy));
    if (view().state === "parked" && trigger !== "user") throw this.restingError();
  }

  /**
   * Resolves when a start may be made. A looping server is not tried for each call: the call joins a try that is near,
   * and else is told when it will be.
   */
  async obtain(trigger: RunTrigger): Promise<void> {
    this.check(trigger);
    const { view, restarts } = this.options;
    if (view().state !== "crash_looping" || trigger === "user") return;
    if ((restarts.dueInMs ?? 0) > longestWaitForTryMs) throw this.restingError();
    this.waitingCalls += 1;
    try {
      await restarts.whenTried();
    } finally {
      this.waitingCalls -= 1;
    }
    // While this call waited, a person may have stopped the server, or its config may have gone.
    this.check(trigger);
  }

  private restingError(): ServerUnavailableError {
    const { server, restarts, view } = this.options;
    const { nextTryAt, failures } = restarts;
    const { state, lastVerdict } = view();
    const unknown: NotRunnable = { code: state, message: "It does not run.", remedy: "" };
    const problem = restProblem({ ...view(), nextTryInMs: restarts.dueInMs, failures }) ?? unknown;
    return new ServerUnavailableError(restingError({ server, problem, lastVerdict, nextTryAt }));
  }
}
