import type { Server as HttpServer } from "node:http";
import { defaultLimits } from "@mcpproxy/config-schema/config";
import { AppError } from "../app-error.ts";
import { createAuthenticator } from "../api/auth/authenticate.ts";
import { BrowserLogin } from "../api/auth/browser-login.ts";
import { isLoopbackHost } from "../api/http/host-guard.ts";
import { createHttpServer } from "../api/http/http-server.ts";
import { createRestApp } from "../api/rest/rest-app.ts";
import { readOrCreateSecret } from "../config/private-file.ts";
import { watchConfig } from "../config/watch-config.ts";
import { HttpSessions } from "../fronts/http/http-sessions.ts";
import { listenOnLocalSocket, type LocalSocket } from "../fronts/line/local-socket.ts";
import { localSocketPath } from "../fronts/line/socket-client.ts";
import { createApiContext } from "./api-context.ts";
import type { ApiContext } from "../api/services/context.ts";
import { openEndpoints, type Endpoints } from "../aggregate/endpoints.ts";
import type { ListenAddress } from "@mcpproxy/config-schema/listen-address";
import { ProxyCore, type ProxyCoreOptions } from "./proxy-core.ts";

export interface ServiceOptions extends ProxyCoreOptions {
  readonly listen: (core: ProxyCore) => ListenAddress;
  readonly dashboardUrl: string;
}

export interface Service {
  readonly url: string;
  readonly core: ProxyCore;
  /** Asks the engine and starts the servers; resolves when that is decided. */
  startServers(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the service: listening when it resolves, servers not started yet. */
export async function openService(options: ServiceOptions): Promise<Service> {
  const core = await ProxyCore.open(options);
  try {
    return await openFronts(core, options);
  } catch (error) {
    await core.close();
    throw error;
  }
}

async function openFronts(core: ProxyCore, options: ServiceOptions): Promise<Service> {
  const sessions = new HttpSessions(() => core.config.settings?.limits ?? defaultLimits);
  const apiContext = createApiContext(core, options.paths);
  const endpoints = await openAllEndpoints(core, apiContext("mcp client"));
  const http = await createHttp(core, { sessions, endpoints, apiContext }, options);
  const listen = options.listen(core);
  const url = await listenHttp(http, listen);
  const socket = await openLocalSocket(core, options);
  const stopWatching = watchConfig(options.paths.config, {
    onChange: () => void core.reloadConfig(),
    onError: (error) =>
      core.mainLog.error({ error }, "the config file cannot be watched: changes are taken over at the next start"),
  });
  core.mainLog.info({ url, config: options.paths.config, instance: core.instanceId }, "MCPProxy is listening");
  core.logIssues();
  return {
    url,
    core,
    async startServers() {
      await core.findEngine();
      core.supervisor.startAll();
    },
    async close() {
      stopWatching();
      // Servers first: calls in flight still get their error over open connections.
      await core.supervisor.shutdown();
      sessions.close();
      endpoints.close();
      http.close();
      http.closeAllConnections();
      socket?.close();
      await core.close();
    },
  };
}

async function openAllEndpoints(core: ProxyCore, context: ApiContext): Promise<Endpoints> {
  return await openEndpoints({
    supervisor: core.supervisor,
    feed: core.feed,
    repository: core.store.serverLists,
    redact: core.redact,
    context,
    onError: (error, what) => core.mainLog.error({ error: String(error) }, what),
  });
}

async function createHttp(
  core: ProxyCore,
  parts: {
    readonly sessions: HttpSessions;
    readonly endpoints: Endpoints;
    apiContext(actor: string): ApiContext;
  },
  options: ServiceOptions,
): Promise<HttpServer> {
  const login = new BrowserLogin(core.store.browserSessions);
  const apiKey = await readOrCreateSecret(options.paths.apiKey, 24);
  const { host } = options.listen(core);
  const onUnexpected = (error: unknown): void => {
    core.mainLog.error(
      { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      "request failed",
    );
  };
  return createHttpServer({
    mcp: parts,
    rest: createRestApp({ login, dashboardUrl: options.dashboardUrl, onUnexpected }),
    authenticator: createAuthenticator(apiKey, login),
    allowedHosts: new Set([host.includes(":") ? `[${host}]` : host, ...options.environment.allowedHosts]),
    mcpNeedsKey: !isLoopbackHost(host),
    apiContext: (actor) => parts.apiContext(actor),
    onUnexpected,
  });
}

/** Without it (a path too long for a socket, a file system without them) `mcpproxy stdio` runs servers of its own. */
async function openLocalSocket(core: ProxyCore, options: ServiceOptions): Promise<LocalSocket | undefined> {
  const path = localSocketPath(options.paths.dataDirectory);
  try {
    return await listenOnLocalSocket(path, core.supervisor);
  } catch (error) {
    core.mainLog.warn(
      { path, error },
      "cannot listen on the local socket: `mcpproxy stdio` will start its own servers",
    );
    return undefined;
  }
}

async function listenHttp(server: HttpServer, { host, port }: ListenAddress): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (error) {
    throw listenError(error, `${host}:${port}`);
  }
  const address = server.address();
  const boundPort = typeof address === "object" && address !== null ? address.port : port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`;
}

function listenError(error: unknown, address: string): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  if (error.code === "EADDRINUSE") {
    return new AppError(
      "config_error",
      `${address} is in use, perhaps by another mcpproxy serve. Stop it, or choose another address with --listen.`,
      { cause: error },
    );
  }
  return new AppError(
    "config_error",
    `Cannot listen on ${address}: ${error.message}. Choose another address with --listen.`,
    { cause: error },
  );
}
