/** How the value of a setting is typed in; what is not listed is a line of text. */
export type SettingField =
  | { readonly kind: "text" }
  | { readonly kind: "number" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "switch" }
  | { readonly kind: "lines" }
  | { readonly kind: "json" };

const choice = (...choices: readonly string[]): SettingField => ({ kind: "choice", choices });
const number: SettingField = { kind: "number" };
const lines: SettingField = { kind: "lines" };
const onOff: SettingField = { kind: "switch" };
const json: SettingField = { kind: "json" };

const fields: Readonly<Record<string, SettingField>> = {
  enabled: onOff,
  preset: choice("standard", "strict"),
  pids_limit: number,
  ulimits: json,
  start: choice("eager", "lazy"),
  health_check: json,
  restart: json,
  scope: choice("shared", "session"),
  max_sessions: number,
  allow_hosts: lines,
  dns: lines,
  extra_hosts: lines,
  read_only: onOff,
  tmpfs: lines,
  cap_drop: lines,
  cap_add: lines,
  security_opt: lines,
  init: onOff,
  devices: lines,
  enable_cache_volume: onOff,
  pull_policy: choice("missing", "always", "never"),
  keep_exited: number,
  log_max_files: number,
  allow_dangerous_mounts: onOff,
  volumes: lines,
  extra_args: lines,
};

/** Keys of a server's isolation that the list of settings does not have. */
export const serverOnlyKeys = ["enabled", "image", "volumes", "working_dir", "extra_args"] as const;

export function fieldOf(key: string): SettingField {
  return fields[key] ?? { kind: "text" };
}

/** What stands in the field of a setting at first: its value in the file, else what holds. */
export function firstText(field: SettingField, shown: string | null): string {
  if (shown === null || shown === "none") return field.kind === "switch" ? "true" : "";
  if (field.kind === "lines") return shown.split(", ").join("\n");
  if (field.kind === "json") return "";
  // Durations are shown with spaces, and written without.
  return /^\d[\d.]* ?(?:ms|s|m|h)(?: ?\d+ ?(?:s|m))?$/.test(shown) ? shown.replaceAll(" ", "") : shown;
}

export type JsonScalar = string | number | boolean;
export type SettingValue = JsonScalar | JsonScalar[] | Record<string, JsonScalar>;

/** A typed text as the value that is written; undefined when there is nothing to write yet. */
export function valueOf(field: SettingField, text: string): SettingValue | undefined {
  const trimmed = text.trim();
  switch (field.kind) {
    case "switch":
      return trimmed === "true";
    case "lines":
      return trimmed === ""
        ? []
        : trimmed
            .split(/\r?\n/)
            .map((line) => line.trim())
            .filter((line) => line !== "");
    case "number":
      return trimmed === "" || Number.isNaN(Number(trimmed)) ? undefined : Number(trimmed);
    case "json":
      return mapIn(trimmed);
    case "text":
    case "choice":
      return trimmed === "" ? undefined : trimmed;
    default:
      return field satisfies never;
  }
}

function mapIn(text: string): Record<string, JsonScalar> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const members = Object.entries(value).filter((member): member is [string, JsonScalar] =>
    ["string", "number", "boolean"].includes(typeof member[1]),
  );
  return Object.fromEntries(members);
}
