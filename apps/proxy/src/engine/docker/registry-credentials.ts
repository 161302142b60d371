import type { AuthConfig } from "dockerode";
import { readDockerConfig } from "./docker-config.ts";
import { registryOf } from "./image-reference.ts";

const dockerHubKeys = ["https://index.docker.io/v1/", "index.docker.io", "docker.io"];

/** The login that `docker login` stored for the image's registry; credential helpers are not asked. */
export async function findCredentials(dockerConfigDir: string, image: string): Promise<AuthConfig | undefined> {
  const { auths = {} } = await readDockerConfig(dockerConfigDir);
  const registry = registryOf(image);
  const keys = registry === "docker.io" ? dockerHubKeys : [registry, `https://${registry}`, `http://${registry}`];
  const key = keys.find((candidate) => auths[candidate]?.auth !== undefined);
  const encoded = key === undefined ? undefined : auths[key]?.auth;
  if (key === undefined || encoded === undefined) return undefined;
  const [username = "", ...password] = Buffer.from(encoded, "base64").toString().split(":");
  return { username, password: password.join(":"), serveraddress: key };
}
