import type { PlanResult } from "@mcpproxy/core/plan/isolation-plan";
import type { Bridge } from "../bridge/bridge.ts";
import { engineSelectionOf } from "./engine-use.ts";
import type { RunDecision, RunnablePlan } from "./first-record.ts";
import { LiveRun, type LiveRunOptions } from "./live-run.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import type { ServerSpec } from "./server-spec.ts";

export type RunnableResult = Exclude<PlanResult, { kind: "refused" }>;

export interface RunRequest extends Pick<LiveRunOptions, "onEvent" | "onEnded" | "onChange" | "healthCheck"> {
  readonly spec: ServerSpec;
  readonly plan: RunnableResult;
  readonly bridge: Bridge;
  readonly decision: Pick<RunDecision, "trigger" | "restartOf" | "attempt">;
}

/** Begins a run on the engine of its plan, and holds the engine until the run is over; undefined while there is none. */
export function launchRun(request: RunRequest, dependencies: RunDependencies): LiveRun | undefined {
  const { spec, plan, bridge, decision, healthCheck, onEvent, onEnded, onChange } = request;
  const placed = place(plan, { dependencies, server: spec.name });
  if (placed === undefined) return undefined;
  bridge.counters.callsTotal = 0;
  onEvent("start-decided");
  const live = new LiveRun({
    decision: {
      ...decision,
      plan: placed.plan,
      keepExited: spec.keepExited,
      isSessionScoped: spec.supervision.scope === "session",
    },
    bridge,
    dependencies,
    healthCheck,
    onEvent,
    onEnded,
    onChange,
  });
  void live.ended.finally(() => placed.release());
  return live;
}

function place(
  plan: RunnableResult,
  { dependencies, server }: { readonly dependencies: RunDependencies; readonly server: string },
): { readonly plan: RunnablePlan; release(): void } | undefined {
  const selection = engineSelectionOf(plan);
  const lease = selection && dependencies.engines.lease(selection, server);
  const release = (): void => lease?.release();
  if (plan.kind === "direct") return { plan: { ...plan, engine: lease?.engine }, release };
  return lease && { plan: { ...plan, engine: lease.engine, place: lease.place }, release };
}
