import type { PolicyReason, StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Clock } from "./clock.ts";

/** MCPProxy's own wish that a run ends, with the reason. */
export function policyIntent(
  clock: Pick<Clock, "timestamp">,
  { policy, detail }: { readonly policy: PolicyReason; readonly detail?: string | undefined },
): StopIntent {
  const reason = { kind: "policy" as const, policy, ...(detail === undefined ? {} : { detail }) };
  return { at: clock.timestamp(), actor: "mcpproxy", reason };
}
