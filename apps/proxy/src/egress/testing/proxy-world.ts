import { once } from "node:events";
import { request } from "node:http";
import { connect, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";
import type { EgressDenial } from "../denial.ts";
import { startEgressProxy, type EgressProxy, type EgressProxyRequest } from "../egress-proxy.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

export const testCertificate = selfSignedCertificate(["api.example.com", "other.example.com"]);

/** An address of this machine that is not loopback: the proxy never connects to loopback. */
export const outsideAddress = findOutsideAddress();

export interface ProxyWorld {
  readonly proxy: EgressProxy;
  readonly denials: readonly EgressDenial[];
  readonly lookedUp: readonly string[];
  release(): void;
}

/** A proxy that admits loopback as the server "demo", in a world where every name leads to this machine. */
export async function startProxyWorld(
  allowHosts: readonly string[],
  changes: Partial<EgressProxyRequest> = {},
): Promise<ProxyWorld> {
  const lookedUp: string[] = [];
  const denials: EgressDenial[] = [];
  const proxy = await startEgressProxy({
    listenAddress: "127.0.0.1",
    lookup: (name) => {
      lookedUp.push(name);
      return Promise.resolve([{ address: outsideAddress, family: 4 }]);
    },
    ownAddresses: () => Promise.resolve([]),
    ...changes,
  });
  onTestFinished(() => proxy.close());
  const onDenied = (denial: EgressDenial): void => void denials.push(denial);
  const release = proxy.admit({ address: "127.0.0.1", server: "demo", runId: "run-1", allowHosts, onDenied });
  return { proxy, denials, lookedUp, release };
}

/** A server that sends every byte back; `received` are the bytes of all connections, before TLS takes them. */
export async function startEcho(): Promise<{ readonly port: number; receivedBytes(): number }> {
  const raw: Socket[] = [];
  const server = createTlsServer(
    { cert: testCertificate.certificate, key: testCertificate.privateKey, allowHalfOpen: true },
    (socket) => void socket.on("error", ignore).pipe(socket),
  );
  server.on("connection", (socket: Socket) => void raw.push(socket.on("error", ignore)));
  server.on("tlsClientError", ignore);
  const port = await listen(server, outsideAddress);
  onTestFinished(() => raw.forEach((socket) => socket.destroy()));
  return { port, receivedBytes: () => raw.reduce((sum, socket) => sum + socket.bytesRead, 0) };
}

export async function listen(server: Server, address: string): Promise<number> {
  onTestFinished(() => void server.close());
  server.listen(0, address);
  await once(server, "listening");
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}

export interface Tunnel {
  readonly status: number;
  readonly socket: Socket;
  /** What comes until the end; the words of a refusal. */
  readAll(): Promise<string>;
}

interface TunnelRequest {
  readonly port: number;
  readonly authority: string;
  readonly localAddress?: string;
}

/** Sends CONNECT and waits for the status. */
export async function openTunnel({ port, authority, localAddress }: TunnelRequest): Promise<Tunnel> {
  const { promise, resolve, reject } = Promise.withResolvers<Tunnel>();
  const createConnection = (): Socket =>
    connect({ host: "127.0.0.1", port, allowHalfOpen: true, ...(localAddress === undefined ? {} : { localAddress }) });
  const asked = request({ method: "CONNECT", path: authority, createConnection });
  asked.on("error", reject);
  asked.once("connect", (response, socket, head) => {
    socket.on("error", ignore);
    if (head.length > 0) socket.unshift(head);
    resolve({ status: response.statusCode ?? 0, socket, readAll: () => text(socket) });
  });
  asked.end();
  const tunnel = await promise;
  onTestFinished(() => void tunnel.socket.destroy());
  return tunnel;
}

/** Starts TLS in a tunnel, with the given server name or none. */
export function startTls({ socket }: Tunnel, servername?: string): TLSSocket {
  const secured = connectTls({
    socket,
    ca: testCertificate.certificate,
    checkServerIdentity: () => undefined,
    ...(servername === undefined ? {} : { servername }),
  });
  return secured.on("error", ignore);
}

function findOutsideAddress(): string {
  const entries = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const found = entries.find((entry) => entry.family === "IPv4" && !entry.internal);
  if (found === undefined) throw new Error("These tests need a network interface besides loopback.");
  return found.address;
}

const ignore = (): void => undefined;
