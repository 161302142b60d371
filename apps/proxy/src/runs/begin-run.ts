import type { RunTrigger } from "@mcpproxy/core/run/run-record";
import { launchRun } from "./launch-run.ts";
import type { LiveRun } from "./live-run.ts";
import { notRunnableError, ServerUnavailableError } from "./run-failure.ts";
import type { ServerParts } from "./server-parts.ts";
import type { RunCallbacks } from "./session-run.ts";

export interface BeginRunRequest {
  readonly parts: ServerParts;
  readonly trigger: RunTrigger;
  readonly callbacks: RunCallbacks;
}

/** Begins a run of a server at once. Throws ServerUnavailableError when it is refused, or its engine is away. */
export function beginRun({ parts, trigger, callbacks }: BeginRunRequest): LiveRun {
  const { dependencies, engine, condition, restarts, last } = parts;
  const spec = parts.spec();
  const { plan } = spec;
  if (plan.kind === "refused") throw new ServerUnavailableError(notRunnableError(spec.name, plan.refusal));
  const { failures } = restarts;
  const restartOf = failures > 0 ? (last.verdict?.runId ?? null) : null;
  const decision = { trigger, restartOf, attempt: failures + 1 };
  const healthCheck = () => parts.spec().supervision.healthCheck;
  const live = engine.isAway ? undefined : launchRun({ ...callbacks, spec, plan, decision, healthCheck }, dependencies);
  if (live === undefined) {
    condition.note("engine-lost");
    throw engine.begin();
  }
  engine.isAwaited = false;
  return live;
}
