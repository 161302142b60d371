import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";

const execute = promisify(execFile);

const inspectSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    OOMKilled: z.boolean(),
    ExitCode: z.number(),
    FinishedAt: z.string(),
    Pid: z.number(),
  }),
  Config: z.object({
    Image: z.string(),
    Env: z.array(z.string()).nullable(),
    Labels: z.record(z.string(), z.string()),
  }),
  HostConfig: z.object({
    Memory: z.number(),
    MemorySwap: z.number(),
    NanoCpus: z.number(),
    PidsLimit: z.number().nullable(),
    CapAdd: z.array(z.string()).nullable(),
    CapDrop: z.array(z.string()).nullable(),
    SecurityOpt: z.array(z.string()).nullable(),
    Init: z.boolean().nullable(),
    NetworkMode: z.string(),
    AutoRemove: z.boolean(),
    RestartPolicy: z.object({ Name: z.string() }),
  }),
});
export type ContainerFacts = z.infer<typeof inspectSchema>;

/** Runs the docker CLI, which the product itself never does: an independent witness. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await execute("docker", args, { maxBuffer: 16 * 1024 * 1024 });
  return stdout.trim();
}

/** Ids of an instance's containers, by the label pair; also of those that have exited when asked for "all". */
export async function containersOf(request: {
  readonly instanceId: string;
  readonly server?: string;
  readonly which: "running" | "all";
}): Promise<readonly string[]> {
  const filters = [`com.mcpproxy.managed=true`, `com.mcpproxy.instance=${request.instanceId}`];
  if (request.server !== undefined) filters.push(`com.mcpproxy.server=${request.server}`);
  const list = await docker(
    "ps",
    "-q",
    "--no-trunc",
    ...(request.which === "all" ? ["-a"] : []),
    ...filters.flatMap((label) => ["--filter", `label=${label}`]),
  );
  return list.split("\n").filter((id) => id !== "");
}

/** What the engine says about one container. */
export async function inspectContainer(id: string): Promise<ContainerFacts> {
  const [facts] = z.array(inspectSchema).parse(JSON.parse(await docker("inspect", id)));
  if (facts === undefined) throw new Error(`docker inspect found nothing for ${id}`);
  return facts;
}

/** Removes what one test instance left behind, and nothing else. */
export async function removeContainersOf(instanceId: string): Promise<void> {
  const ids = await containersOf({ instanceId, which: "all" });
  if (ids.length > 0) await docker("rm", "-f", ...ids);
  const volumes = await docker("volume", "ls", "-q", "--filter", `label=com.mcpproxy.instance=${instanceId}`);
  if (volumes !== "") await docker("volume", "rm", ...volumes.split("\n"));
}

/** Whether the engine has an image of this name. */
export async function hasImage(name: string): Promise<boolean> {
  return (await docker("images", "-q", name)) !== "";
}
