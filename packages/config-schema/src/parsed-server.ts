import type { ServerConfig } from "./config.ts";
import type { ConfigIssue } from "./config-issue.ts";

/** One entry of `mcpServers`: a server that can run, or what is wrong with it. */
export type ParsedServer =
  | { readonly name: string; readonly ok: true; readonly server: ServerConfig }
  | { readonly name: string; readonly ok: false; readonly issues: readonly ConfigIssue[] };
