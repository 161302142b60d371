import type { SettingDescription } from "../plan/describe-settings.ts";
import type { Finding } from "../plan/finding.ts";
import type { PlanResult, Refusal } from "../plan/isolation-plan.ts";

/** What MCPProxy makes of one server's configuration, as REST, tRPC and the CLI give it; no secret values. */
export interface PlanRecord {
  readonly server: string;
  readonly outcome: PlanResult["kind"];
  /** Why it runs on the host; null otherwise. */
  readonly reason: string | null;
  readonly refusal: Refusal | null;
  readonly runtime: string | null;
  readonly image: string | null;
  readonly command: readonly string[];
  /** Names of the variables that the server gets. */
  readonly env: readonly string[];
  readonly mounts: readonly { readonly source: string; readonly target: string; readonly isReadOnly: boolean }[];
  /** The command that creates the same container; null when there is none. */
  readonly dockerRunArgs: readonly string[] | null;
  readonly settings: readonly SettingDescription[];
  readonly findings: readonly Finding[];
}
