import type { SettingDescription } from "@mcpproxy/core/plan/describe-settings";

/** The settings that somebody set, or that are not what they are by default. */
export function notableSettings(settings: readonly SettingDescription[]): readonly SettingDescription[] {
  return settings.filter(({ server, global, source }) => server !== null || global !== null || source !== "default");
}
