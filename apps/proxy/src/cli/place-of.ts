import type { ConfigIssue } from "@mcpproxy/config-schema/parse-config";

/** Where an issue is, as editors and terminals make it a link: "FILE:LINE:COLUMN error mcpServers[0].isolation:". */
export function placeOf({ file, line, column, path }: ConfigIssue, kind: string): string {
  return `${file}:${line}:${column} ${path === "" ? kind : `${kind} ${path}`}:`;
}
