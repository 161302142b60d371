/** Something about a server's settings that a person should know. */
export interface Finding {
  readonly code: FindingCode;
  /** danger: the server gets power over this machine. warning: it will probably not do what is meant. hint: worth knowing. */
  readonly severity: "danger" | "warning" | "hint";
  readonly message: string;
  readonly remedy: string;
  /** The change of the server's `isolation` that closes it, where one does. */
  readonly fix?: IsolationFix;
}

/** One change in a server's `isolation`: sets a key, or adds to a list. */
export interface IsolationFix {
  readonly key: string;
  readonly operation: "set" | "append";
  readonly value: string | number | boolean;
}

export const findingCodes = [
  "host_network",
  "dangerous_mount",
  "dangerous_setting",
  "no_isolation",
  "docker_run_flag",
  "docker_in_docker",
  "over_ceiling",
  "invisible_path",
  "command_of_this_machine",
  "swap_below_memory",
  "allow_hosts_unused",
  "allow_hosts_empty",
  "image_without_git",
  "uv_bootstrap",
  "network_needed",
  "tool_pattern_unmatched",
  "remote_server",
] as const;
export type FindingCode = (typeof findingCodes)[number];
