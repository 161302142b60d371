import type { Finding } from "@mcpproxy/core/plan/finding";
import type { PlanResult } from "@mcpproxy/core/plan/isolation-plan";

/** How a server will run, in a few words. */
export type PlanSummary =
  | {
      readonly kind: "isolated";
      readonly runtime: string;
      readonly image: string;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: "direct"; readonly reason: string; readonly findings: readonly Finding[] }
  | { readonly kind: "refused"; readonly code: string; readonly message: string; readonly remedy: string };

export function summarizePlan(result: PlanResult): PlanSummary {
  switch (result.kind) {
    case "isolated":
      return { kind: "isolated", runtime: result.plan.runtime, image: result.plan.image, findings: result.findings };
    case "direct":
      return { kind: "direct", reason: result.reason, findings: result.findings };
    case "refused":
      return { kind: "refused", ...result.refusal };
    default:
      return result satisfies never;
  }
}

/** A few words for a table. */
export function describePlan(plan: PlanSummary): string {
  switch (plan.kind) {
    case "isolated":
      return `${plan.runtime} in ${plan.image}`;
    case "direct":
      return plan.findings.some(({ code }) => code === "remote_server")
        ? "remote, not isolated by MCPProxy"
        : "on the host, without a container";
    case "refused":
      return isDisabled(plan) ? "disabled, as in the client" : "would be refused";
    default:
      return plan satisfies never;
  }
}

/** True for a server that a person has to correct before it runs. */
export function isProblem(plan: PlanSummary): boolean {
  return plan.kind === "refused" && !isDisabled(plan);
}

/** What a person should know of the plan, in sentences. */
export function planNotes(plan: PlanSummary): readonly string[] {
  if (plan.kind === "refused") return isDisabled(plan) ? [] : [`${plan.message} ${plan.remedy}`];
  const findings = plan.findings.map(({ message, remedy }) => `${message} ${remedy}`);
  return plan.kind === "direct" && findings.length === 0 ? [plan.reason] : findings;
}

function isDisabled(plan: Extract<PlanSummary, { kind: "refused" }>): boolean {
  return plan.code === "server_disabled";
}
