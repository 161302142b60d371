import type { SettingDescription } from "@mcpproxy/core/plan/describe-settings";
import type { PlanResult } from "@mcpproxy/core/plan/isolation-plan";
import type { PolicyReason } from "@mcpproxy/core/verdict/exit-evidence";
import type { ServerSpec } from "./server-spec.ts";

/** Why a running server has to be replaced; the words of its run's verdict. */
export interface SpecChange {
  readonly policy: Extract<PolicyReason, "config_changed" | "limit_changed">;
  readonly detail: string;
}

const limitKeys = new Set(["memory_limit", "memory_swap", "cpu_limit", "pids_limit", "shm_size", "ulimits"]);

/** What a new config changes for a container or process that already runs; undefined when it may go on as it is. */
export function changeForRunning(before: ServerSpec, after: ServerSpec): SpecChange | undefined {
  if (runningParts(before) === runningParts(after)) return undefined;
  const settings = changedSettings(before.settings, after.settings);
  const limits = settings.filter(({ key }, index) => limitKeys.has(key) && !isFollower(settings, index));
  const isOnlyLimits = limits.length > 0 && withoutLimits(before) === withoutLimits(after);
  if (isOnlyLimits) return { policy: "limit_changed", detail: limits.map(describeLimit).join(", ") };
  const keys = [...changedParts(before.plan, after.plan), ...settings.map(({ key }) => key)];
  return { policy: "config_changed", detail: [...new Set(keys)].join(", ") || "the server's entry" };
}

interface ChangedSetting {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

function changedSettings(
  before: readonly SettingDescription[],
  after: readonly SettingDescription[],
): readonly ChangedSetting[] {
  return after.flatMap(({ key, effective }) => {
    const earlier = before.find((setting) => setting.key === key)?.effective ?? null;
    return earlier === effective ? [] : [{ key, before: earlier, after: effective }];
  });
}

/** memory_swap follows memory_limit unless somebody sets it: the same change said twice. */
function isFollower(settings: readonly ChangedSetting[], index: number): boolean {
  const change = settings[index];
  const memory = settings.find(({ key }) => key === "memory_limit");
  return change?.key === "memory_swap" && change.before === memory?.before && change.after === memory?.after;
}

function describeLimit({ key, before, after }: ChangedSetting): string {
  return `from ${before ?? "the default"} to ${after ?? "the default"} (${key})`;
}

function changedParts(before: PlanResult, after: PlanResult): readonly string[] {
  if (before.kind !== after.kind) return ["isolation"];
  if (before.kind === "isolated" && after.kind === "isolated") {
    const parts = [
      ["image", before.plan.image, after.plan.image],
      ["command", before.plan.command, after.plan.command],
      ["env", before.plan.env, after.plan.env],
      ["volumes", before.plan.mounts, after.plan.mounts],
      ["working_dir", before.plan.workingDir, after.plan.workingDir],
    ] as const;
    return parts.filter(([, one, other]) => !isEqual(one, other)).map(([name]) => name);
  }
  if (before.kind === "direct" && after.kind === "direct") {
    const parts = [
      ["command", before.launch.command, after.launch.command],
      [after.launch.remote === undefined ? "env" : "headers", before.launch.env, after.launch.env],
      ["url", before.launch.remote, after.launch.remote],
      ["working_dir", before.launch.workingDir, after.launch.workingDir],
    ] as const;
    return parts.filter(([, one, other]) => !isEqual(one, other)).map(([name]) => name);
  }
  return [];
}

/** What a container or process is made of. Deadlines, findings and pull policy concern only the next start. */
function runningParts({ plan, isEnabled, supervision: { scope } }: ServerSpec): string {
  switch (plan.kind) {
    case "isolated":
      return JSON.stringify([isEnabled, scope, { ...plan.plan, timeouts: 0, pullPolicy: 0, requiredPrograms: 0 }]);
    case "direct":
      return JSON.stringify([isEnabled, scope, { ...plan.launch, timeouts: 0 }]);
    case "refused":
      return JSON.stringify([isEnabled, scope, plan.refusal]);
    default:
      return plan satisfies never;
  }
}

function withoutLimits(spec: ServerSpec): string {
  const { plan } = spec;
  if (plan.kind !== "isolated") return runningParts(spec);
  const limits = { memoryBytes: 0, memorySwapBytes: 0, cpus: 0, pids: 0, ulimits: [] };
  return runningParts({ ...spec, plan: { ...plan, plan: { ...plan.plan, limits } } });
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
