import { join } from "node:path";
import type { EngineSelection } from "@mcpproxy/core/plan/isolation-plan";
import { readCurrentContext } from "./current-context.ts";
import { readDockerContext } from "./docker-contexts.ts";
import { defaultSocketPath, isTlsHost, parseDockerHost, type DockerAddress } from "./docker-host.ts";
import { readDockerTls, type DockerTls } from "./docker-tls.ts";
import { findAnsweringSocket, systemSockets, wellKnownSockets, type SocketProbe } from "./well-known-sockets.ts";

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
  /** Where the sockets of Colima, OrbStack and the like are looked for; without it they are not. */
  readonly homeDirectory?: string | undefined;
  /** XDG_RUNTIME_DIR */
  readonly runtimeDirectory?: string | undefined;
  readonly userId?: number | undefined;
}

export interface DockerEndpoint extends DockerAddress {
  /** Name of the Docker context, "DOCKER_HOST", or "docker_host" for an address from the config. */
  readonly context: string;
  /** Why this engine and no other, e.g. "DOCKER_HOST is set". */
  readonly reason: string;
}

/** The name for an engine that the config gives by its address. */
export const configuredHostName = "docker_host";

/** An engine that was chosen, before anyone looked whether it can be found. */
export interface ChosenEngine extends Pick<DockerEndpoint, "context" | "reason"> {
  /** Its address; undefined when the context has it. */
  readonly host: string | undefined;
}

/**
 * Finds the engine that the docker command would use: DOCKER_HOST, DOCKER_CONTEXT, the current context, the default
 * socket; when none of these is there, the first well-known socket that answers.
 * @throws EngineError stage "engine" for a context that does not exist or an address that cannot be read
 */
export function resolveDockerEndpoint(
  environment: DockerEnvironment,
  sockets: SocketProbe = systemSockets,
): Promise<DockerEndpoint> {
  return resolveSelection({ kind: "default" }, environment, sockets);
}

/**
 * Finds the engine of a selection of the config; "default" is what the docker command would use.
 * @throws EngineError stage "engine" as resolveDockerEndpoint
 */
export async function resolveSelection(
  selection: EngineSelection,
  environment: DockerEnvironment,
  sockets: SocketProbe = systemSockets,
): Promise<DockerEndpoint> {
  return locateEngine(await chooseEngine(selection, environment), environment, sockets);
}

/**
 * Says which engine a selection means.
 * @throws EngineError stage "engine" when the docker command's config cannot be read
 */
export async function chooseEngine(selection: EngineSelection, environment: DockerEnvironment): Promise<ChosenEngine> {
  switch (selection.kind) {
    case "default":
      return chooseAsDocker(environment);
    case "context": {
      const { name } = selection;
      // For the docker command too, the context "default" is DOCKER_HOST where that is set.
      if (name === "default" && environment.dockerHost) return chosenByVariable(environment.dockerHost);
      return { context: name, host: undefined, reason: `docker_context is "${name}"` };
    }
    case "host": {
      const { host } = selection;
      return { context: configuredHostName, host, reason: `docker_host is "${host}"` };
    }
    default:
      return selection satisfies never;
  }
}

/**
 * Finds the address and the TLS files of a chosen engine.
 * @throws EngineError stage "engine" for a context that does not exist or an address that cannot be read
 */
export async function locateEngine(
  { context, host, reason }: ChosenEngine,
  environment: DockerEnvironment,
  sockets: SocketProbe = systemSockets,
): Promise<DockerEndpoint> {
  if (host !== undefined) return { context, reason, ...(await resolveHost(host, environment)) };
  if (context === "default") return findDefault(environment, sockets);
  const stored = await readDockerContext(environment.dockerConfigDir, context);
  const tls = await readDockerTls(stored.tlsFolder, stored.skipsTlsVerification);
  return { context, reason, ...addressOf(stored.host, tls, environment) };
}

async function chooseAsDocker(environment: DockerEnvironment): Promise<ChosenEngine> {
  const { dockerHost, dockerContext, dockerConfigDir } = environment;
  if (dockerHost) return chosenByVariable(dockerHost);
  if (dockerContext) return { context: dockerContext, host: undefined, reason: "DOCKER_CONTEXT is set" };
  const current = await readCurrentContext(dockerConfigDir);
  const reason = `current context of ${readablePath(join(dockerConfigDir, "config.json"), environment)}`;
  return { context: current ?? "default", host: undefined, reason };
}

function chosenByVariable(host: string): ChosenEngine {
  return { context: "DOCKER_HOST", host, reason: "DOCKER_HOST is set" };
}

/** A bare address uses TLS when asked to, or when it says so itself, unlike a context, whose files decide. */
async function resolveHost(host: string, environment: DockerEnvironment): Promise<DockerAddress> {
  const { dockerTlsVerify, dockerCertPath, dockerConfigDir } = environment;
  const isTls = Boolean(dockerTlsVerify) || Boolean(dockerCertPath) || isTlsHost(host);
  return addressOf(host, isTls ? await readDockerTls(dockerCertPath || dockerConfigDir) : undefined, environment);
}

async function findDefault(environment: DockerEnvironment, sockets: SocketProbe): Promise<DockerEndpoint> {
  const { homeDirectory, runtimeDirectory, userId } = environment;
  const isSearched = homeDirectory !== undefined && !(await sockets.isThere(defaultSocketPath));
  const found = isSearched
    ? await findAnsweringSocket(wellKnownSockets({ homeDirectory, runtimeDirectory, userId }), sockets)
    : undefined;
  const reason = found === undefined ? "the default socket of Docker" : `found the socket of ${found.product}`;
  const path = found?.path ?? defaultSocketPath;
  return { context: "default", reason, ...addressOf(`unix://${path}`, undefined, environment) };
}

function addressOf(host: string, tls: DockerTls | undefined, { sshAuthSocket }: DockerEnvironment): DockerAddress {
  return parseDockerHost({ host, tls, sshAuthSocket });
}

/** As people write it. */
function readablePath(path: string, { homeDirectory }: DockerEnvironment): string {
  return homeDirectory !== undefined && path.startsWith(`${homeDirectory}/`)
    ? `~${path.slice(homeDirectory.length)}`
    : path;
}
