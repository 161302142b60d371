import type { IsolationFix } from "@mcpproxy/core/plan/finding";

/** What a change writes into the config file: `isolation.memory_limit: "1g"`, `isolation.volumes: [… "/data:/data:ro"]`. */
export function describeChange({ key, operation, value }: IsolationFix): string {
  const text = JSON.stringify(value);
  return operation === "append" ? `isolation.${key}: [… ${text}]` : `isolation.${key}: ${text}`;
}

/** A change as an order: "Set memory_limit to 128m", "Add /data:/data:ro to volumes". */
export function nameChange({ key, operation, value }: IsolationFix): string {
  return operation === "append" ? `Add ${value} to ${key}` : `Set ${key} to ${value}`;
}
