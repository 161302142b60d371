import { Agent } from "node:https";
import type { DockerOptions } from "dockerode";
import { EngineError } from "../engine.ts";
import type { DockerTls } from "./docker-tls.ts";

/** Where an engine listens when nothing says otherwise. */
export const defaultSocketPath = "/var/run/docker.sock";

export interface DockerAddress {
  /** unix:///var/run/docker.sock, tcp://host:2376, ssh://user@host */
  readonly endpoint: string;
  readonly connection: DockerOptions;
}

export interface DockerHostRequest {
  readonly host: string;
  readonly tls: DockerTls | undefined;
  /** SSH_AUTH_SOCK */
  readonly sshAuthSocket: string | undefined;
}

/**
 * Reads an address as DOCKER_HOST and contexts have it.
 * @throws EngineError stage "engine" for one that cannot be read
 */
export function parseDockerHost({ host, tls, sshAuthSocket }: DockerHostRequest): DockerAddress {
  const scheme = schemeOf(host);
  switch (scheme) {
    case "unix":
    case "npipe": {
      const socketPath = host.slice(scheme.length + 3) || defaultSocketPath;
      return { endpoint: `${scheme}://${socketPath}`, connection: connectionOf({ socketPath }) };
    }
    case "tcp":
    case "http":
    case "https":
      return parseTcp({ host, scheme, tls });
    case "ssh":
      return parseSsh(host, sshAuthSocket);
    default:
      throw unreadableHost(host);
  }
}

/** True when the address alone says TLS: its scheme, or Docker's port for it. */
export function isTlsHost(host: string): boolean {
  const scheme = schemeOf(host);
  return scheme === "https" || (scheme === "tcp" && URL.parse(asHttp(host))?.port === "2376");
}

function schemeOf(host: string): string {
  return /^([a-z]+):\/\//.exec(host)?.[1] ?? "tcp";
}

function parseTcp(request: { host: string; scheme: string; tls: DockerTls | undefined }): DockerAddress {
  const { host, scheme, tls } = request;
  const url = parseUrl(host);
  const isTls = tls !== undefined || scheme === "https" || url.port === "2376";
  const connection = connectionOf({
    host: url.hostname,
    port: url.port || (isTls ? "2376" : "2375"),
    protocol: isTls ? "https" : "http",
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key,
    ...(tls?.skipsVerification === true ? { agent: new Agent({ rejectUnauthorized: false }) } : {}),
  });
  return { endpoint: host, connection };
}

function parseSsh(host: string, sshAuthSocket: string | undefined): DockerAddress {
  const url = parseUrl(host);
  const connection = connectionOf({
    host: url.hostname,
    port: url.port || "22",
    protocol: "ssh",
    username: url.username || undefined,
    sshOptions: sshAuthSocket === undefined ? {} : { agent: sshAuthSocket },
  });
  return { endpoint: host, connection };
}

/** Names every key: dockerode fills the missing ones from DOCKER_HOST of its own process, which would win over a context. */
function connectionOf(chosen: DockerOptions): DockerOptions {
  return {
    socketPath: undefined,
    host: undefined,
    port: undefined,
    username: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
    protocol: "http",
    ...chosen,
  };
}

function parseUrl(host: string): URL {
  const url = URL.parse(asHttp(host));
  if (url === null || url.hostname === "") throw unreadableHost(host);
  return url;
}

/** The host part of other schemes than http is not parsed by the URL standard (no lower-casing, no IPv6 brackets). */
function asHttp(host: string): string {
  return host.includes("://") ? host.replace(/^[a-z]+:/, "http:") : `http://${host}`;
}

function unreadableHost(host: string): EngineError {
  return new EngineError(`The Docker address "${host}" cannot be read.`, {
    stage: "engine",
    remedy:
      "Use unix:///path/docker.sock, tcp://host:2376 or ssh://user@host in DOCKER_HOST, docker_host or the Docker context.",
  });
}
