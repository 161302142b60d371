import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { describeTarget, type Target } from "./allow-rule.ts";

/** The proxy that this machine itself must use to get out. */
export interface UpstreamProxy {
  /** http:// or https://, with user and password if it wants them. */
  readonly url: string;
  /** Hosts that are reached without it: names, which include their subdomains, or `*`. */
  readonly noProxy: readonly string[];
}

/** Whether a target goes through the upstream proxy; rules as curl and Node read NO_PROXY. */
export function isProxied({ noProxy }: UpstreamProxy, { host, port }: Target): boolean {
  return !noProxy.some((entry) => {
    const [, name = "", entryPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
    if (entry.trim() === "*") return true;
    if (name === "" || (entryPort !== undefined && Number(entryPort) !== port)) return false;
    return host.text === name || (host.kind === "name" && host.text.endsWith(`.${name}`));
  });
}

interface UpstreamRequest {
  readonly upstream: UpstreamProxy;
  readonly target: Target;
  readonly signal: AbortSignal;
}

/**
 * Opens a tunnel to a target through the upstream proxy, which also resolves its name.
 * @throws Error with words for people, without the proxy's password
 */
export async function connectThroughUpstream({ upstream, target, signal }: UpstreamRequest): Promise<Socket> {
  const url = new URL(upstream.url);
  const authority = describeTarget(target);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const request = (url.protocol === "https:" ? httpsRequest : httpRequest)({
    method: "CONNECT",
    path: authority,
    headers: { host: authority, ...credentialsOf(url) },
    signal,
    createConnection: () => openConnection(url),
  } satisfies RequestOptions);
  request.once("connect", (response, socket, head) => {
    const status = response.statusCode ?? 0;
    socket.on("error", ignore);
    if (head.length > 0) socket.unshift(head);
    if (status >= 200 && status < 300) resolve(socket);
    else {
      socket.destroy();
      reject(new Error(`the upstream proxy ${url.host} answered ${status} to CONNECT ${authority}`));
    }
  });
  request.once("error", (cause) => {
    reject(new Error(`the upstream proxy ${url.host} cannot be used: ${cause.message}`, { cause }));
  });
  request.end();
  return promise;
}

function openConnection(url: URL): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const options = { host, port: Number(url.port || (url.protocol === "https:" ? 443 : 80)), allowHalfOpen: true };
  return url.protocol === "https:" ? connectTls({ ...options, servername: host }) : connectTcp(options);
}

function credentialsOf(url: URL): Record<string, string> {
  if (url.username === "") return {};
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

const ignore = (): void => undefined;
