import { strongCapabilities } from "../plan/setting-findings.ts";
import type { IsolationWeakness } from "../run/run-record.ts";
import type { InForce } from "./in-force.ts";

/** What the server may do beyond what any user may. A privileged container has them all, which is counted there. */
export function capabilityWeaknesses({ capDrop, capAdd, isPrivileged }: InForce): readonly IsolationWeakness[] {
  if (isPrivileged) return [];
  const added = capAdd.map(plainName);
  const strong = added.filter((name) => strongCapabilities.has(name));
  const weak = added.filter((name) => !strongCapabilities.has(name));
  return [
    ...(capDrop.map(plainName).includes("ALL") ? [] : [defaultCapabilities(capDrop)]),
    ...(strong.length === 0 ? [] : [strongAdded(strong)]),
    ...(weak.length === 0 ? [] : [weakAdded(weak)]),
  ];
}

function plainName(capability: string): string {
  return capability.toUpperCase().replace(/^CAP_/, "");
}

function defaultCapabilities(capDrop: readonly string[]): IsolationWeakness {
  const kept = capDrop.length === 0 ? "" : ` but ${capDrop.join(", ")}`;
  return {
    code: "capabilities_kept",
    points: 10,
    message: `The server has Docker's default capabilities${kept}.`,
    remedy: 'Set cap_drop to ["ALL"] and add back with cap_add what it needs.',
  };
}

function strongAdded(names: readonly string[]): IsolationWeakness {
  return {
    code: "strong_capabilities",
    points: names.includes("ALL") || names.includes("SYS_ADMIN") ? 60 : Math.min(50, 25 * names.length),
    message: `The server has ${names.join(", ")}, which comes close to owning this machine.`,
    remedy: "Remove it from cap_add.",
  };
}

function weakAdded(names: readonly string[]): IsolationWeakness {
  return {
    code: "capabilities_added",
    points: Math.min(10, 3 * names.length),
    message: `The server has ${names.join(", ")} added.`,
    remedy: "Remove from cap_add what it does not need.",
  };
}
