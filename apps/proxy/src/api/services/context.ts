import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import type { Trial } from "@mcpproxy/core/doctor/examine-server";
import type { PlanRecord } from "@mcpproxy/core/run/plan-record";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { ProxyStatus, ServerRecord } from "@mcpproxy/core/run/server-record";
import type { CacheDirectory } from "../../caches/cache-record.ts";
import type { EditProposal } from "../../config/propose-edit.ts";
import type { ConfigEntry } from "../../config/read-server-entry.ts";
import type { ServerEdit } from "../../config/server-edit.ts";
import type { ServerLog } from "../../logs/server-log.ts";
import type { Store } from "../../store/store.ts";
import type { ToolBench } from "../../tools/tool-bench.ts";
import type { ChangeHistory } from "./change-history.ts";

/** What the API needs of the running proxy, and who asks. Implemented by the composition root. */
export interface ApiContext {
  readonly store: Store;
  readonly servers: ServerDirectory;
  readonly changes: Pick<ChangeHistory, "follow">;
  readonly caches: CacheDirectory;
  status(): ProxyStatus;
  /** The page of a Prometheus scrape. */
  metrics(): string;
  /** All Docker contexts, those that nobody uses asked too: takes seconds when one does not answer. */
  contexts(): Promise<readonly DockerContextRecord[]>;
  /** Who asks, for intents and audit: "dashboard", "api key". */
  readonly actor: string;
}

export interface ServerDirectory {
  list(): readonly ServerRecord[];
  find(name: string): ServerRecord | undefined;
  /** A run that still lives, with what is not stored before its end: calls in flight, the last stderr lines. */
  liveRun(id: string): RunRecord | undefined;
  /** Decides a start; does not wait until the server is ready. Throws AppError server_not_runnable. */
  start(name: string): void;
  /** Resolves when the run has its verdict. */
  stop(name: string, by: { actor: string; note?: string | undefined }): Promise<void>;
  restart(name: string, by: { actor: string; note?: string | undefined }): Promise<void>;
  /** What MCPProxy makes of the server's configuration. Throws AppError server_not_found. */
  plan(name: string): PlanRecord;
  /** Starts it to see whether it can; resolves when it is ready or has failed. */
  tryStart(name: string): Promise<Trial>;
  /** Edits the config file. Throws AppError config_error, config_changed, server_not_found. */
  edit(edit: ServerEdit): Promise<void>;
  /** What an edit would come to; nothing is written. */
  propose(edit: ServerEdit): Promise<EditProposal>;
  /** A server's entry as it stands in the config file. Throws AppError server_not_found. */
  configEntry(name: string): Promise<ConfigEntry>;
  readonly tools: Pick<ToolBench, "list" | "call">;
  /** server-NAME.log of a configured server. */
  log(name: string): Pick<ServerLog, "tail" | "tailAndFollow">;
}
