import type { RunnablePlan } from "./first-record.ts";

/** What a server speaks, as far as its last run has shown. */
export interface KnownEra {
  value: "legacy" | "modern" | undefined;
}

const maxEras = 1_000;
const eras = new Map<string, KnownEra>();

/** The era of an image and command, kept as long as this process lives: a server need not be probed at each start. */
export function knownEraOf(plan: RunnablePlan): KnownEra {
  const key = keyOf(plan);
  const era = eras.get(key) ?? { value: undefined };
  eras.delete(key);
  eras.set(key, era);
  const [oldest] = eras.keys();
  if (eras.size > maxEras && oldest !== undefined) eras.delete(oldest);
  return era;
}

function keyOf(plan: RunnablePlan): string {
  return plan.kind === "isolated"
    ? JSON.stringify([plan.plan.image, plan.plan.command])
    : JSON.stringify([null, plan.launch.command]);
}
