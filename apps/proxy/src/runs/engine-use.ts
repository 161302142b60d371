import type { Settings } from "@mcpproxy/config-schema/config";
import { engineOf } from "@mcpproxy/core/plan/build-plan";
import type { EngineSelection, PlanResult } from "@mcpproxy/core/plan/isolation-plan";
import type { EngineUse } from "../engine/engine-set.ts";
import type { ServerSpec } from "./server-spec.ts";

/** The engines that these servers need; without settings, which are broken then, the one of the docker command. */
export function engineUseOf(settings: Settings | undefined, specs: readonly ServerSpec[]): EngineUse {
  return {
    fallback: settings === undefined ? { kind: "default" } : engineOf(settings.dockerIsolation),
    servers: new Map(
      specs.flatMap(({ name, plan }) => {
        const selection = engineSelectionOf(plan);
        return selection === undefined ? [] : [[name, selection]];
      }),
    ),
  };
}

/** The engine of a plan's container, also of one that the user's own `docker run` starts; undefined without any. */
export function engineSelectionOf(plan: PlanResult): EngineSelection | undefined {
  switch (plan.kind) {
    case "isolated":
      return plan.plan.engine;
    case "direct":
      return plan.launch.dockerRun === undefined ? undefined : plan.launch.engine;
    case "refused":
      return undefined;
    default:
      return plan satisfies never;
  }
}
