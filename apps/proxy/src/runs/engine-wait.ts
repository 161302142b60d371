import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import type { EngineSet } from "../engine/engine-set.ts";
import { notRunnableError, ServerUnavailableError } from "./run-failure.ts";
import type { ServerSpec } from "./server-spec.ts";

const unknownProblem = {
  message: "Docker stopped answering.",
  remedy: "The server starts as soon as Docker is back.",
};

/** Whether the engine of a server's next run is there, and whether the server waits for it. */
export class EngineWait {
  /** It is to start as soon as its engine is there. */
  isAwaited = false;
  private readonly engines: Pick<EngineSet, "choice">;
  private readonly spec: () => ServerSpec;

  constructor(engines: Pick<EngineSet, "choice">, spec: () => ServerSpec) {
    this.engines = engines;
    this.spec = spec;
  }

  /** Of the engine that the next run would go to; undefined for a server without a container. */
  get status(): EngineStatus | undefined {
    const { plan } = this.spec();
    return plan.kind === "isolated" ? this.engines.choice(plan.plan.engine).status : undefined;
  }

  get isAway(): boolean {
    return this.status?.state === "unavailable";
  }

  /** From now on it waits; the error is for whoever asked. */
  begin(): ServerUnavailableError {
    this.isAwaited = true;
    const problem = this.status?.problem ?? unknownProblem;
    return new ServerUnavailableError(notRunnableError(this.spec().name, { ...problem, code: "engine_unavailable" }));
  }
}
