import type { HostFacts } from "../plan/isolation-plan.ts";
import type { IsolationReport, IsolationWeakness } from "../run/run-record.ts";
import type { InForce } from "./in-force.ts";
import { limitWeaknesses } from "./limit-weaknesses.ts";
import { mountWeaknesses } from "./mount-weaknesses.ts";
import { privilegeWeaknesses } from "./privilege-weaknesses.ts";
import { reachWeaknesses } from "./reach-weaknesses.ts";

/** Where this machine's keys are; without it only the folders that are the same everywhere count as dangerous. */
export type ScoreHost = Pick<HostFacts, "homeDirectory" | "paths">;

/**
 * How well a container is isolated: 100 minus the points of every weakness, never below 0, the heaviest first.
 * Computed from what the engine says is in force, so a limit that got lost on the way costs its points.
 */
export function scoreIsolation(inForce: InForce, host: ScoreHost = {}): IsolationReport {
  const weaknesses: readonly IsolationWeakness[] = [
    ...privilegeWeaknesses(inForce),
    ...reachWeaknesses(inForce),
    ...mountWeaknesses(inForce.mounts, host),
    ...limitWeaknesses(inForce),
  ].toSorted((one, other) => other.points - one.points);
  const lost = weaknesses.reduce((sum, { points }) => sum + points, 0);
  return {
    score: Math.max(0, 100 - lost),
    weaknesses,
    isHostNetwork: inForce.networkMode === "host",
    isPrivileged: inForce.isPrivileged || inForce.capAdd.some((name) => /^(?:CAP_)?(?:ALL|SYS_ADMIN)$/i.test(name)),
  };
}
