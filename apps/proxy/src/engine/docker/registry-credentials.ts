import type { AuthConfig } from "dockerode";
import { shellQuote } from "@mcpproxy/core/format/shell-quote";
import { askCredentialHelper } from "./credential-helper.ts";
import { readDockerConfig, type DockerConfig } from "./docker-config.ts";
import { registryOf } from "./image-reference.ts";

/** Where logins of registries come from. */
export interface CredentialSource {
  readonly dockerConfigDir: string;
  /** What a credential helper's process gets: at least PATH and HOME. */
  readonly helperEnvironment: Readonly<Record<string, string>>;
}

export interface FoundCredentials {
  readonly authconfig?: AuthConfig;
  /** A helper that failed, and how to test it; never a secret. */
  readonly problem?: string;
}

const dockerHubAddress = "https://index.docker.io/v1/";
const dockerHubHosts = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/**
 * The login for the image's registry, found as the docker command finds it: the registry's credHelper, else the
 * credsStore, else what config.json itself holds. A helper that fails is no reason not to try without a login.
 */
export async function findCredentials(
  request: CredentialSource & { readonly image: string; readonly signal: AbortSignal },
): Promise<FoundCredentials> {
  const config = await readDockerConfig(request.dockerConfigDir);
  const registry = canonicalHost(registryOf(request.image));
  const serverAddress = registry === "docker.io" ? dockerHubAddress : registry;
  const stored = storedLogin(config, registry, serverAddress);
  const helper = helperFor(config, registry);
  if (helper === undefined) return stored;
  const answer = await askCredentialHelper({
    helper,
    serverAddress,
    environment: request.helperEnvironment,
    signal: request.signal,
  });
  switch (answer.kind) {
    case "found":
      return { authconfig: loginOf(answer, serverAddress) };
    case "none":
      return stored;
    case "failed":
      return { ...stored, problem: describeFailure({ helper, registry, serverAddress, reason: answer.reason }) };
    default:
      return answer satisfies never;
  }
}

function helperFor({ credHelpers = {}, credsStore }: DockerConfig, registry: string): string | undefined {
  const own = Object.entries(credHelpers).find(([address]) => hostOf(address) === registry)?.[1];
  return own || credsStore || undefined;
}

function storedLogin({ auths = {} }: DockerConfig, registry: string, serverAddress: string): FoundCredentials {
  const login = Object.entries(auths).find(
    ([address, { auth, identitytoken }]) => hostOf(address) === registry && Boolean(auth || identitytoken),
  )?.[1];
  if (login === undefined) return {};
  const [username = "", ...password] = Buffer.from(login.auth ?? "", "base64")
    .toString()
    .split(":");
  if (login.identitytoken)
    return { authconfig: { username, identitytoken: login.identitytoken, serveraddress: serverAddress } };
  return { authconfig: { username, password: password.join(":"), serveraddress: serverAddress } };
}

function loginOf(found: { readonly username: string; readonly secret: string }, serveraddress: string): AuthConfig {
  // The helpers' own way to say that the secret is a token for the registry's token service.
  if (found.username === "<token>") return { identitytoken: found.secret, serveraddress };
  return { username: found.username, password: found.secret, serveraddress };
}

/** Keys are hosts, or addresses of older versions such as https://host/v1/. */
function hostOf(address: string): string {
  return canonicalHost(address.replace(/^https?:\/\//, "").replace(/\/.*$/, ""));
}

function canonicalHost(host: string): string {
  return dockerHubHosts.has(host) ? "docker.io" : host;
}

function describeFailure(failure: {
  readonly helper: string;
  readonly registry: string;
  readonly serverAddress: string;
  readonly reason: string;
}): string {
  const program = `docker-credential-${failure.helper}`;
  const command = `echo ${shellQuote(failure.serverAddress)} | ${shellQuote(program)} get`;
  return `The credential helper ${program} gave no login for the registry ${failure.registry}: ${failure.reason}. Test it with \`${command}\`, or change credsStore and credHelpers in Docker's config.json.`;
}
