import type { SettingDescription } from "@mcpproxy/core/plan/describe-settings";
import type { PlanResult } from "@mcpproxy/core/plan/isolation-plan";
import type { Supervision } from "@mcpproxy/core/supervision/supervision";
import type { ToolFilter } from "@mcpproxy/core/tools/tool-filter";

/** What the config says about one server, planned. */
export interface ServerSpec {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly plan: PlanResult;
  readonly keepExited: number;
  readonly supervision: Supervision;
  /** Which tools clients see; undefined for all. */
  readonly tools?: ToolFilter | undefined;
  /** What the file says and what holds, for people. */
  readonly settings: readonly SettingDescription[];
}

/** True when a running server need not be touched: everything its container depends on is as before. */
export function isSameSpec(one: ServerSpec, other: ServerSpec): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
