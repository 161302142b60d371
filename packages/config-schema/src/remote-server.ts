import { findNodeAtLocation, type Node } from "jsonc-parser";
import type { ConfigIssue } from "./config-issue.ts";
import { issueAtNode, type ConfigSource } from "./config-source.ts";

/** The issue of an entry that points at a server somewhere else instead of starting one. */
export function remoteServerIssue(
  source: ConfigSource,
  at: { readonly node: Node; readonly server: string | null },
): ConfigIssue | undefined {
  const url = findNodeAtLocation(at.node, ["url"]);
  const type = findNodeAtLocation(at.node, ["type"]);
  const isRemoteType = typeof type?.value === "string" && /^(?:http|sse|streamable[-_]?http|ws)$/i.test(type.value);
  const node = url ?? (isRemoteType ? type : undefined);
  if (node === undefined) return undefined;
  return issueAtNode(
    source,
    { node, server: at.server },
    {
      // The address is left out: it may hold a token.
      message: `Remote servers are not supported yet, and "${at.server}" is one: it has a ${url === undefined ? "remote type" : "url"}.`,
      remedy:
        'Connect your client to it directly, or start it over stdio: "command": "npx", "args": ["-y", "mcp-remote", "<url>"].',
    },
  );
}
