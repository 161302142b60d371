import type { Redactor } from "@mcpproxy/core/redaction/redact";
import { AppError } from "../app-error.ts";
import { createOwnSession, createSession, type Session } from "../bridge/session.ts";
import type { Connection } from "../runs/connection.ts";
import { ServerUnavailableError } from "../runs/run-failure.ts";
import { callTool, type ToolCall } from "./call-tool.ts";
import { listTools } from "./list-tools.ts";
import type { ToolList, ToolOutcome } from "./tool-record.ts";

/** What the bench needs of a server. */
export interface BenchServer {
  readonly name: string;
  readonly isReady: boolean;
  connect(session: Session, onOver: () => void): Connection;
  record(): { readonly run: { readonly id: string } | null };
}

export interface ToolBenchOptions {
  find(server: string): BenchServer;
  redact: Redactor;
  now(): Date;
}

export interface ToolsRequest {
  /** A server that does not run is started. */
  readonly shouldStart: boolean;
  /** Asks again although the list is known. */
  readonly isFresh: boolean;
}

const listTimeoutMs = 30_000;

/** Lists the tools of servers and calls them for people, through the bridge like any client. */
export class ToolBench {
  private readonly options: ToolBenchOptions;
  private readonly known = new Map<string, ToolList>();

  constructor(options: ToolBenchOptions) {
    this.options = options;
  }

  /** Undefined when the server does not run and is not to be started. Throws AppError server_not_runnable. */
  async list(name: string, { shouldStart, isFresh }: ToolsRequest): Promise<ToolList | undefined> {
    const server = this.options.find(name);
    const known = this.known.get(name);
    if (!isFresh && known !== undefined && known.runId === server.record().run?.id) return known;
    if (!server.isReady && !shouldStart && server.record().run === null) return undefined;
    // A question of MCPProxy's own: in no statistics, and no reason not to go idle.
    return await this.withSession(server, createOwnSession("mcpproxy-tools"), async (parts) => {
      const { tools, isCut } = await listTools(parts, { ...this.options, signal: AbortSignal.timeout(listTimeoutMs) });
      const list = { tools, isCut, runId: server.record().run?.id ?? "", at: this.options.now().toISOString() };
      this.known.set(name, list);
      return list;
    });
  }

  /** Calls a tool as a client would: it counts as a call, and is told of when it kills the server. */
  async call(name: string, call: ToolCall): Promise<ToolOutcome> {
    const server = this.options.find(name);
    return await this.withSession(
      server,
      createSession("dashboard", () => undefined),
      (parts) => callTool(parts, { ...call, redact: this.options.redact }),
    );
  }

  private async withSession<Result>(
    server: BenchServer,
    session: Session,
    act: (parts: { readonly connection: Connection; readonly session: Session }) => Promise<Result>,
  ): Promise<Result> {
    const connection = server.connect(session, () => undefined);
    try {
      await connection.ensureReady("user");
      return await act({ connection, session });
    } catch (error) {
      if (error instanceof ServerUnavailableError)
        throw new AppError("server_not_runnable", error.message, { cause: error });
      throw error;
    } finally {
      connection.close();
    }
  }
}
