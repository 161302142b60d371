import { everyIssue } from "@mcpproxy/config-schema/parse-config";
import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import type { ConfigIssueRecord, ProxyStatus } from "@mcpproxy/core/run/server-record";
import type { Trial } from "@mcpproxy/core/doctor/examine-server";
import { proposeEdit } from "../config/propose-edit.ts";
import { readServerEntry } from "../config/read-server-entry.ts";
import { writeServerEdit } from "../config/write-server-edit.ts";
import { AppError } from "../app-error.ts";
import { ChangeHistory } from "../api/services/change-history.ts";
import type { ApiContext, ServerDirectory } from "../api/services/context.ts";
import { createCacheDirectory } from "../caches/cache-directory.ts";
import type { Paths } from "../paths.ts";
import { ServerUnavailableError } from "../runs/run-failure.ts";
import type { ServerSupervisor } from "../runs/server-supervisor.ts";
import { ToolBench } from "../tools/tool-bench.ts";
import { version } from "../version.ts";
import type { ProxyCore } from "./proxy-core.ts";
import { proxyProblems } from "./proxy-problems.ts";

/** Whoever waits for a page would rather have it without sizes. */
const cacheSizeDeadlineMs = 10_000;

/** The API's view of the running proxy. */
export function createApiContext(core: ProxyCore, paths: Paths): (actor: string) => ApiContext {
  const startedAt = new Date().toISOString();
  const servers = createDirectory(core, paths);
  const status = (): ProxyStatus => ({
    version,
    instanceId: core.instanceId,
    startedAt,
    configPath: paths.config,
    configIssues: everyIssue(core.config).map(issueRecord),
    configWarnings: core.config.warnings.map(issueRecord),
    problems: proxyProblems(core),
    engine: core.engines.fallback.status,
    contexts: core.engines.contexts(),
  });
  const contexts = (): Promise<readonly DockerContextRecord[]> => core.engines.checkContexts();
  const caches = createCacheDirectory({
    instanceId: core.instanceId,
    sizeDeadlineMs: cacheSizeDeadlineMs,
    engines: () => core.engines.list(),
    servers: () => core.config.settings && core.supervisor.list().map(({ name }) => name),
  });
  const changes = new ChangeHistory(core.feed, Date.now().toString(36));
  const metrics = (): string => core.metrics.render({ servers: servers.list(), status: status(), room: core.room });
  return (actor) => ({ store: core.store, changes, servers, status, metrics, contexts, caches, actor });
}

function createDirectory(core: ProxyCore, paths: Paths): ServerDirectory {
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
    plan: (name) => existing(name).planRecord(),
    tryStart: (name) => tryStart(existing(name)),
    async edit(edit) {
      if (edit.kind !== "add") existing(edit.server);
      await writeServerEdit(paths.config, edit);
      // Whoever asked is to see what the change has come to, not what was before it.
      await core.reloadConfig();
    },
    propose: (edit) =>
      proposeEdit(edit, {
        configPath: paths.config,
        redact: (text) => core.redact(text),
        plan: (config, server) => core.previewPlan(config, server),
      }),
    configEntry: (name) =>
      readServerEntry(paths.config, { server: existing(name).name, redact: (text) => core.redact(text) }),
    tools: new ToolBench({ find: existing, redact: (text) => core.redact(text), now: () => new Date() }),
    log: (name) => core.serverLogs.of(name),
  };
}

async function tryStart(server: ServerSupervisor): Promise<Trial> {
  const startedMs = performance.now();
  try {
    await server.ensureReady("user");
    return { ok: true, tookMs: Math.round(performance.now() - startedMs) };
  } catch (error) {
    if (error instanceof ServerUnavailableError) return { ok: false, message: error.message };
    throw error;
  }
}

function asAppError(error: unknown): unknown {
  return error instanceof ServerUnavailableError
    ? new AppError("server_not_runnable", error.message, { cause: error })
    : error;
}

function issueRecord(issue: ProxyCore["config"]["issues"][number]): ConfigIssueRecord {
  return { ...issue };
}
