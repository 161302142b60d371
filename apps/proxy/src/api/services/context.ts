import type { RunEvent, RunRecord } from "@mcpproxy/core/run/run-record";
import type { ProxyStatus, ServerRecord } from "@mcpproxy/core/run/server-record";
import type { Store } from "../../store/store.ts";

/** What the API needs of the running proxy; implemented by the composition root. */
export interface ApiContext {
  readonly store: Store;
  readonly servers: ServerDirectory;
  readonly feed: Feed;
  status(): Promise<ProxyStatus>;
  /** Version of the MCP tools/list of a server etc. come later; the plan is pure and cheap. */
  readonly actor: string;
}

export interface ServerDirectory {
  list(): readonly ServerRecord[];
  find(name: string): ServerRecord | undefined;
  /** Starts the server if it does not run; resolves when the start was decided, not when it is ready. */
  start(name: string, actor: string): Promise<void>;
  stop(name: string, actor: string, note?: string): Promise<void>;
  restart(name: string, actor: string, note?: string): Promise<void>;
  /** Last lines of server-NAME.log. */
  logTail(name: string, lines: number): Promise<readonly string[]>;
}

/** Changes as they happen, for SSE. */
export interface Feed {
  subscribe(listener: (change: FeedChange) => void): () => void;
}

export type FeedChange =
  | { readonly kind: "server"; readonly server: ServerRecord }
  | { readonly kind: "server-removed"; readonly name: string }
  | { readonly kind: "run"; readonly run: RunRecord }
  | { readonly kind: "run-event"; readonly event: RunEvent }
  | { readonly kind: "status" };
