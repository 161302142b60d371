import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createAdmissions, type Admission, type Admissions, type EgressClient } from "./admissions.ts";
import { parseTarget } from "./allow-rule.ts";
import { answerHeaders, sendAnswer } from "./answer.ts";
import { describeDenial } from "./denial.ts";
import { describeList, handleConnect, type TunnelSettings } from "./handle-connect.ts";
import { readOwnAddresses } from "./own-addresses.ts";
import type { LookupAll } from "./resolve-target.ts";
import { createSlots } from "./slots.ts";
import type { UpstreamProxy } from "./upstream-proxy.ts";

export interface EgressProxyRequest {
  /** The one address to listen on: the gateway of the egress network. */
  readonly listenAddress: string;
  readonly upstreamProxy?: UpstreamProxy;
  readonly limits?: Partial<EgressLimits>;
  /** Asks the system's resolver unless given. */
  readonly lookup?: LookupAll;
  /** The addresses of this machine; asks the system unless given. */
  readonly ownAddresses?: () => Promise<readonly string[]>;
  readonly nowMs?: () => number;
}

export interface EgressLimits {
  readonly maxConnectionsPerServer: number;
  readonly maxConnections: number;
  readonly admissionWaitMs: number;
  readonly clientHelloTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

export interface EgressProxy {
  /** http://ADDRESS:PORT */
  readonly url: string;
  readonly port: number;
  /**
   * Lets a container through to its hosts; the answer takes that back and closes its connections.
   * @throws AppError config_error for an entry of allowHosts that cannot be read
   */
  admit(client: EgressClient): () => void;
  close(): Promise<void>;
}

const defaultLimits: EgressLimits = {
  maxConnectionsPerServer: 64,
  maxConnections: 1_024,
  admissionWaitMs: 2_000,
  clientHelloTimeoutMs: 10_000,
  idleTimeoutMs: 300_000,
};
const headersTimeoutMs = 10_000;

/**
 * The filtering proxy: HTTP CONNECT for admitted containers, to listed hosts, for TLS only.
 * @throws the system's error when the address is not one of this machine (EADDRNOTAVAIL)
 */
export async function startEgressProxy(request: EgressProxyRequest): Promise<EgressProxy> {
  const limits = { ...defaultLimits, ...request.limits };
  const admissions = createAdmissions(request.nowMs ?? Date.now);
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: headersTimeoutMs,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 8_192,
  });
  const sockets = boundConnections({ server, limits, admissions });
  serveRequests({ server, admissions, limits, tunnels: tunnelSettings(request, limits) });
  server.listen(0, request.listenAddress);
  await once(server, "listening");
  const port = portOf(server);
  return {
    url: `http://${request.listenAddress}:${port}`,
    port,
    admit: (client) => admissions.admit(client),
    async close() {
      const closed = once(server, "close");
      server.close();
      admissions.releaseAll();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function tunnelSettings(request: EgressProxyRequest, limits: EgressLimits): TunnelSettings {
  return {
    route: {
      lookup: request.lookup ?? ((name) => lookup(name, { all: true })),
      ownAddresses: request.ownAddresses ?? readOwnAddresses,
      upstreamProxy: request.upstreamProxy,
    },
    tunnelSlots: createSlots(limits.maxConnectionsPerServer),
    maxTunnelsPerServer: limits.maxConnectionsPerServer,
    clientHelloTimeoutMs: limits.clientHelloTimeoutMs,
    idleTimeoutMs: limits.idleTimeoutMs,
  };
}

interface Bounded {
  readonly server: Server;
  readonly limits: EgressLimits;
  readonly admissions: Admissions;
}

/** Bounds open connections, also of a client that never says what it wants; gives back the set of open ones. */
function boundConnections({ server, limits, admissions }: Bounded): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  // More than tunnels, so that one too many of those gets an answer and a report.
  const slots = createSlots(limits.maxConnectionsPerServer * 2);
  server.maxConnections = limits.maxConnections;
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const giveBack = slots.take(address);
    if (giveBack === undefined) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    admissions.get(address)?.track(socket);
    socket.once("close", () => {
      giveBack();
      sockets.delete(socket);
    });
  });
  return sockets;
}

interface Served {
  readonly server: Server;
  readonly admissions: Admissions;
  readonly limits: EgressLimits;
  readonly tunnels: TunnelSettings;
}

function serveRequests({ server, admissions, limits, tunnels }: Served): void {
  const find = (socket: Socket): Promise<Admission | undefined> =>
    admissions.find(socket.remoteAddress ?? "", limits.admissionWaitMs);
  server.on("connect", (request, socket, head) => {
    socket.on("error", ignore);
    void find(request.socket).then(async (admission) => {
      if (admission === undefined) return sendAnswer(socket, { status: 403, text: unknownClient });
      admission.track(socket);
      const authority = request.url ?? "";
      return handleConnect({ admission, client: request.socket, authority, head, settings: tunnels });
    });
  });
  server.on("request", (request, response) => {
    void find(request.socket).then((admission) => answerPlainRequest({ admission, request, response }));
  });
  server.on("clientError", (_error, socket) => {
    sendAnswer(socket, { status: 400, text: "This is a proxy for HTTPS: it understands CONNECT host:port only." });
  });
}

const unknownClient = "This address belongs to no running server of this MCPProxy.";

interface PlainRequest {
  readonly admission: Admission | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Plain HTTP gets an explanation; its path and its body are not looked at. */
function answerPlainRequest({ admission, request, response }: PlainRequest): void {
  if (admission === undefined) return sendText({ response, status: 403, text: unknownClient });
  const authority = URL.parse(request.url ?? "")?.host ?? request.headers.host ?? "";
  const target = parseTarget(authority) ?? parseTarget(`${authority}:80`);
  const host = target?.host.text ?? "unknown";
  const port = target?.port ?? 80;
  const message = describeDenial({ target: `${host}:${port}`, reason: "plain_http" });
  admission.report({ host, port, reason: "plain_http", message });
  sendText({ response, status: 405, text: `${message}\n${describeList(admission)}` });
}

function sendText({ response, status, text }: { response: ServerResponse; status: 403 | 405; text: string }): void {
  const body = `${text}\n`;
  const allow: Record<string, string> = status === 405 ? { allow: "CONNECT" } : {};
  response.writeHead(status, { ...Object.fromEntries(answerHeaders(body)), ...allow }).end(body);
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The egress proxy listens on no port.");
  return address.port;
}

const ignore = (): void => undefined;
