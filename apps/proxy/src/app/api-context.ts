import { everyIssue } from "@mcpproxy/config-schema/parse-config";
import type { ConfigIssueRecord, ProxyStatus } from "@mcpproxy/core/run/server-record";
import { AppError } from "../app-error.ts";
import type { ApiContext, ServerDirectory } from "../api/services/context.ts";
import type { Paths } from "../paths.ts";
import { ServerUnavailableError } from "../runs/run-failure.ts";
import type { ServerSupervisor } from "../runs/server-supervisor.ts";
import { version } from "../version.ts";
import type { ProxyCore } from "./proxy-core.ts";

/** The API's view of the running proxy. */
export function createApiContext(core: ProxyCore, paths: Paths): (actor: string) => ApiContext {
  const startedAt = new Date().toISOString();
  const servers = createDirectory(core);
  const status = (): ProxyStatus => ({
    version,
    instanceId: core.instanceId,
    startedAt,
    configPath: paths.config,
    configIssues: everyIssue(core.config).map(issueRecord),
    configWarnings: core.config.warnings.map(issueRecord),
    engine: core.docker.status,
  });
  return (actor) => ({ store: core.store, feed: core.feed, servers, status, actor });
}

function createDirectory(core: ProxyCore): ServerDirectory {
  const { supervisor } = core;
  const existing = (name: string): ServerSupervisor => {
    const server = supervisor.find(name);
    if (server === undefined) throw new AppError("server_not_found", `No server is called "${name}".`);
    return server;
  };
  return {
    list: () => supervisor.list(),
    find: (name) => supervisor.find(name)?.record(),
    liveRun: (id) => supervisor.liveRun(id),
    start: (name) => {
      try {
        existing(name).startByUser();
      } catch (error) {
        throw asAppError(error);
      }
    },
    stop: (name, by) => existing(name).stopByUser(supervisor.userIntent(by.actor, by.note)),
    restart: async (name, by) => {
      const server = existing(name);
      try {
        await server.restart(supervisor.userIntent(by.actor, by.note));
      } catch (error) {
        throw asAppError(error);
      }
    },
    logTail: (name, lines) => core.serverLogs.of(name).tail(lines),
  };
}

function asAppError(error: unknown): unknown {
  return error instanceof ServerUnavailableError
    ? new AppError("server_not_runnable", error.message, { cause: error })
    : error;
}

function issueRecord(issue: ProxyCore["config"]["issues"][number]): ConfigIssueRecord {
  return { ...issue };
}
