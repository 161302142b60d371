import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface DockerConfigFixture extends AsyncDisposable {
  /** For DOCKER_CONFIG. */
  readonly folder: string;
  /** As `docker context create`; with TLS files when given. */
  addContext(context: { name: string; host: string; description?: string; tls?: TlsFiles }): Promise<void>;
  /** As `docker context use`: replaces the file in one step. */
  useContext(name: string): Promise<void>;
  /** Writes config.json as it is, also when it is no JSON. */
  writeConfig(text: string): Promise<void>;
}

export type TlsFiles = Readonly<Record<"ca" | "cert" | "key", string>>;

/** A folder as the docker command has in ~/.docker, for tests: `await using`. */
export async function createDockerConfig(): Promise<DockerConfigFixture> {
  const folder = await mkdtemp(join(tmpdir(), "docker-config-"));
  const writeConfig = async (text: string): Promise<void> => {
    await writeFile(join(folder, "config.json.new"), text);
    await rename(join(folder, "config.json.new"), join(folder, "config.json"));
  };
  return {
    folder,
    async addContext({ name, host, description, tls }) {
      const id = createHash("sha256").update(name).digest("hex");
      const meta = { Name: name, Metadata: { Description: description }, Endpoints: { docker: { Host: host } } };
      await writeIn(join(folder, "contexts/meta", id), "meta.json", JSON.stringify(meta));
      for (const [part, text] of Object.entries(tls ?? {})) {
        await writeIn(join(folder, "contexts/tls", id, "docker"), `${part}.pem`, text);
      }
    },
    useContext: (name) => writeConfig(JSON.stringify({ currentContext: name })),
    writeConfig,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeIn(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
}
