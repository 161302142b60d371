import { createHash } from "node:crypto";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DockerOptions } from "dockerode";
import { z } from "zod";
import { EngineError } from "../engine.ts";
import { readDockerConfig } from "./docker-config.ts";

/** The variables that choose an engine, read by the caller, so that this folder never looks at the environment. */
export interface DockerEnvironment {
  /** DOCKER_HOST */
  readonly dockerHost?: string | undefined;
  /** DOCKER_CONTEXT */
  readonly dockerContext?: string | undefined;
  /** DOCKER_CONFIG, else ~/.docker */
  readonly dockerConfigDir: string;
  /** DOCKER_TLS_VERIFY: any non-empty value turns TLS on. */
  readonly dockerTlsVerify?: string | undefined;
  /** DOCKER_CERT_PATH, a folder with ca.pem, cert.pem and key.pem */
  readonly dockerCertPath?: string | undefined;
  /** SSH_AUTH_SOCK */
  readonly sshAuthSocket?: string | undefined;
}

export interface DockerEndpoint {
  /** Name of the Docker context, or "DOCKER_HOST". */
  readonly context: string;
  /** unix:///var/run/docker.sock, tcp://host:2376, ssh://user@host */
  readonly endpoint: string;
  readonly connection: DockerOptions;
}

interface TlsFiles {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
}

const defaultSocketPath = "/var/run/docker.sock";

const contextMetaSchema = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string().min(1) }) }),
});

/**
 * Finds the engine that the docker command would use: DOCKER_HOST, DOCKER_CONTEXT, the current context, the default socket.
 * @throws EngineError stage "engine" for a context that does not exist or an address that cannot be read
 */
export async function resolveDockerEndpoint(environment: DockerEnvironment): Promise<DockerEndpoint> {
  if (environment.dockerHost) {
    const tls = await readHostTls(environment);
    return { context: "DOCKER_HOST", ...parseDockerHost({ host: environment.dockerHost, tls, environment }) };
  }
  const context = environment.dockerContext || (await readDockerConfig(environment.dockerConfigDir)).currentContext;
  if (context === undefined || context === "" || context === "default") {
    const host = `unix://${await findDefaultSocket(environment.dockerConfigDir)}`;
    return { context: "default", ...parseDockerHost({ host, tls: undefined, environment }) };
  }
  return resolveContext(context, environment);
}

async function resolveContext(context: string, environment: DockerEnvironment): Promise<DockerEndpoint> {
  const id = createHash("sha256").update(context).digest("hex");
  const contextsDir = join(environment.dockerConfigDir, "contexts");
  const metaFile = join(contextsDir, "meta", id, "meta.json");
  const host = await readFile(metaFile, "utf8")
    .then((text) => contextMetaSchema.parse(JSON.parse(text)).Endpoints.docker.Host)
    .catch((cause: unknown) => {
      throw new EngineError(
        `The Docker context "${context}" cannot be read from ${metaFile}.`,
        {
          stage: "engine",
          remedy: "See the contexts with `docker context ls` and choose one with `docker context use NAME`.",
        },
        { cause },
      );
    });
  const tls = await readTlsFiles(join(contextsDir, "tls", id, "docker"));
  return { context, ...parseDockerHost({ host, tls, environment }) };
}

/** DOCKER_HOST uses TLS only when asked to, unlike a context, whose files decide. */
async function readHostTls(environment: DockerEnvironment): Promise<TlsFiles | undefined> {
  if (!environment.dockerTlsVerify && !environment.dockerCertPath) return undefined;
  return readTlsFiles(environment.dockerCertPath || environment.dockerConfigDir);
}

async function readTlsFiles(folder: string): Promise<TlsFiles | undefined> {
  const read = (name: string): Promise<Buffer | undefined> => readFile(join(folder, name)).catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  return ca || cert || key ? { ca, cert, key } : undefined;
}

/** Docker Desktop without root rights leaves its socket in the user's folder only. */
async function findDefaultSocket(dockerConfigDir: string): Promise<string> {
  const userSocketPath = join(dockerConfigDir, "run", "docker.sock");
  const isThere = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );
  if (!(await isThere(defaultSocketPath)) && (await isThere(userSocketPath))) return userSocketPath;
  return defaultSocketPath;
}

interface HostRequest {
  readonly host: string;
  readonly tls: TlsFiles | undefined;
  readonly environment: DockerEnvironment;
}

function parseDockerHost({ host, tls, environment }: HostRequest): Omit<DockerEndpoint, "context"> {
  const scheme = /^([a-z]+):\/\//.exec(host)?.[1] ?? "tcp";
  switch (scheme) {
    case "unix":
    case "npipe":
      return {
        endpoint: host,
        connection: connectionOf({ socketPath: host.slice(scheme.length + 3) || defaultSocketPath }),
      };
    case "tcp":
    case "http":
    case "https":
      return parseTcp({ host, scheme, tls });
    case "ssh":
      return parseSsh(host, environment);
    default:
      throw unreadableHost(host);
  }
}

function parseTcp({
  host,
  scheme,
  tls,
}: {
  host: string;
  scheme: string;
  tls: TlsFiles | undefined;
}): Omit<DockerEndpoint, "context"> {
  const url = parseUrl(host.includes("://") ? host : `tcp://${host}`);
  const isTls = tls !== undefined || scheme === "https" || url.port === "2376";
  const connection = connectionOf({
    host: url.hostname,
    port: url.port || (isTls ? "2376" : "2375"),
    protocol: isTls ? "https" : "http",
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key,
  });
  return { endpoint: host, connection };
}

function parseSsh(host: string, environment: DockerEnvironment): Omit<DockerEndpoint, "context"> {
  const url = parseUrl(host);
  const connection = connectionOf({
    host: url.hostname,
    port: url.port || "22",
    protocol: "ssh",
    username: url.username || undefined,
    sshOptions: environment.sshAuthSocket ? { agent: environment.sshAuthSocket } : {},
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
  // The host part of other schemes than http is not parsed by the URL standard (no lower-casing, no IPv6 brackets).
  const url = URL.parse(host.replace(/^[a-z]+:/, "http:"));
  if (url === null || url.hostname === "") throw unreadableHost(host);
  return url;
}

function unreadableHost(host: string): EngineError {
  return new EngineError(`The Docker address "${host}" cannot be read.`, {
    stage: "engine",
    remedy: "Use unix:///path/docker.sock, tcp://host:2376 or ssh://user@host in DOCKER_HOST or the Docker context.",
  });
}
