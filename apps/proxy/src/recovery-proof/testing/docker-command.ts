import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { instanceLabel, managedLabel, runLabel, serverLabel } from "@mcpproxy/core/docker/labels";

const run = promisify(execFile);

/** The docker command on one daemon: a witness that shares no code with MCPProxy. */
export interface DockerCommand {
  (...args: readonly string[]): Promise<string>;
}

/** `host` as in DOCKER_HOST; the daemon that the docker command would use when absent. */
export function dockerCommand(host?: string): DockerCommand {
  const where = host === undefined ? [] : ["-H", host];
  return async (...args) => {
    const { stdout } = await run("docker", [...where, ...args], { maxBuffer: 16 * 1024 * 1024 });
    return stdout.trim();
  };
}

export interface LabelledContainer {
  readonly id: string;
  readonly name: string;
  /** As `docker ps` says: running, paused, exited, created, … */
  readonly state: string;
  readonly server: string;
  readonly runId: string;
}

/** All containers of an instance, running or not. */
export async function labelledContainers(
  docker: DockerCommand,
  instanceId: string,
): Promise<readonly LabelledContainer[]> {
  const labels = [serverLabel, runLabel].map((label) => `{{.Label "${label}"}}`);
  const format = ["{{.ID}}", "{{.Names}}", "{{.State}}", ...labels].join("\t");
  const list = await docker("ps", "--all", "--no-trunc", "--format", format, ...ofInstance(instanceId));
  return linesOf(list).map((line) => {
    const [id = "", name = "", state = "", server = "", runId = ""] = line.split("\t");
    return { id, name, state, server, runId };
  });
}

export async function labelledNetworks(docker: DockerCommand, instanceId: string): Promise<readonly string[]> {
  return linesOf(await docker("network", "ls", "--format", "{{.Name}}", ...ofInstance(instanceId)));
}

/** Cache volumes of an instance, with the server each belongs to. */
export async function labelledVolumes(
  docker: DockerCommand,
  instanceId: string,
): Promise<readonly { readonly name: string; readonly server: string }[]> {
  const format = `{{.Name}}\t{{.Label "${serverLabel}"}}`;
  const list = await docker("volume", "ls", "--format", format, ...ofInstance(instanceId));
  return linesOf(list).map((line) => {
    const [name = "", server = ""] = line.split("\t");
    return { name, server };
  });
}

/** Takes away everything that carries the labels of a test's instance. */
export async function removeAllOf(docker: DockerCommand, instanceId: string): Promise<void> {
  const containers = await labelledContainers(docker, instanceId);
  if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers.map(({ id }) => id));
  const networks = await labelledNetworks(docker, instanceId);
  if (networks.length > 0) await docker("network", "rm", ...networks);
  const volumes = await labelledVolumes(docker, instanceId);
  if (volumes.length > 0) await docker("volume", "rm", ...volumes.map(({ name }) => name));
}

function ofInstance(instanceId: string): readonly string[] {
  return ["--filter", `label=${managedLabel}=true`, "--filter", `label=${instanceLabel}=${instanceId}`];
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
