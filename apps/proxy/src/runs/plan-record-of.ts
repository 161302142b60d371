import { toDockerRunArgs } from "@mcpproxy/core/docker/docker-run-args";
import type { ContainerIdentity, PlanResult } from "@mcpproxy/core/plan/isolation-plan";
import type { Redactor } from "@mcpproxy/core/redaction/redact";
import type { PlanRecord } from "@mcpproxy/core/run/plan-record";
import type { ServerSpec } from "./server-spec.ts";

/** The plan of a server for people; the identity is the one that a container of it could have. */
export function planRecordOf(
  spec: ServerSpec,
  { identity, redact }: { readonly identity: ContainerIdentity; readonly redact: Redactor },
): PlanRecord {
  const shown = shownParts(spec.plan, identity);
  return {
    server: spec.name,
    ...shown,
    command: shown.command.map(redact),
    dockerRunArgs: shown.dockerRunArgs?.map(redact) ?? null,
    // The limits of the config do not hold for a process or a docker command of the user's own.
    settings: spec.plan.kind === "direct" ? [] : spec.settings,
    findings: spec.plan.kind === "refused" ? [] : spec.plan.findings,
  };
}

type ShownParts = Omit<PlanRecord, "server" | "settings" | "findings">;

const nothing = {
  reason: null,
  refusal: null,
  runtime: null,
  image: null,
  command: [],
  env: [],
  mounts: [],
  dockerRunArgs: null,
};

function shownParts(plan: PlanResult, identity: ContainerIdentity): ShownParts {
  switch (plan.kind) {
    case "isolated":
      return {
        ...nothing,
        outcome: "isolated",
        runtime: plan.plan.runtime,
        image: plan.plan.image,
        command: plan.plan.command,
        env: plan.plan.env.map(({ name }) => name),
        mounts: plan.plan.mounts.map(({ source, target, isReadOnly }) => ({ source, target, isReadOnly })),
        dockerRunArgs: toDockerRunArgs(plan.plan, identity),
      };
    case "direct":
      return {
        ...nothing,
        outcome: "direct",
        reason: plan.reason,
        image: plan.launch.dockerRun?.image ?? null,
        command: plan.launch.command,
        env: plan.launch.env.map(({ name }) => name),
      };
    case "refused":
      return { ...nothing, outcome: "refused", refusal: plan.refusal };
    default:
      return plan satisfies never;
  }
}
