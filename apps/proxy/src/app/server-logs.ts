import type { Redactor } from "@mcpproxy/core/redaction/redact";
import { createServerLog, type ServerLog } from "../logs/server-log.ts";

/** One open log per server, made on first use. */
export class ServerLogs {
  private readonly byServer = new Map<string, ServerLog>();
  private readonly options: { readonly directory: string; readonly redact: Redactor };

  constructor(options: { readonly directory: string; readonly redact: Redactor }) {
    this.options = options;
  }

  get open(): readonly ServerLog[] {
    return [...this.byServer.values()];
  }

  of(server: string): ServerLog {
    const existing = this.byServer.get(server);
    if (existing !== undefined) return existing;
    const log = createServerLog({ ...this.options, server });
    this.byServer.set(server, log);
    return log;
  }

  async close(): Promise<void> {
    await Promise.all([...this.byServer.values()].map((log) => log.close()));
  }
}
