import { configSnapshotOf } from "@mcpproxy/core/run/config-snapshot";
import type { RunDependencies } from "./run-dependencies.ts";
import type { ServerSpec } from "./server-spec.ts";

/** Tells one effective configuration of a server from another, over restarts of MCPProxy; says nothing of secrets. */
export function configHashOf(
  { name, plan, supervision }: ServerSpec,
  { redact, fingerprint }: Pick<RunDependencies, "redact" | "fingerprint">,
): string {
  const { hash } = configSnapshotOf({ server: name, plan, redact, fingerprint });
  return fingerprint(JSON.stringify([hash, supervision])).slice(0, 16);
}
