import type { EngineName } from "./docker-connector.ts";
import { configuredHostName, type DockerEnvironment } from "./docker-endpoint.ts";

/** Variables for a docker command of the user's own, so that it talks to the engine that MCPProxy talks to. */
export function dockerCommandVariables(
  { context, endpoint }: EngineName,
  environment: DockerEnvironment,
): Readonly<Record<string, string>> {
  const { dockerConfigDir, dockerHost, dockerTlsVerify, dockerCertPath, sshAuthSocket } = environment;
  const always = { DOCKER_CONFIG: dockerConfigDir, ...defined("SSH_AUTH_SOCK", sshAuthSocket) };
  // A socket that was found by itself has no name for docker, and needs no TLS files.
  if (/^(?:unix|npipe):/.test(endpoint)) return { ...always, DOCKER_HOST: endpoint };
  const isContext = context !== "DOCKER_HOST" && context !== configuredHostName && context !== "default";
  if (isContext) return { ...always, DOCKER_CONTEXT: context };
  return {
    ...always,
    ...defined("DOCKER_HOST", endpoint === "unknown" ? dockerHost : endpoint),
    ...defined("DOCKER_TLS_VERIFY", dockerTlsVerify),
    ...defined("DOCKER_CERT_PATH", dockerCertPath),
  };
}

function defined(name: string, value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined || value === "" ? {} : { [name]: value };
}
