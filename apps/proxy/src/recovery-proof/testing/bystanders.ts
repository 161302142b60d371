import { randomUUID } from "node:crypto";
import { containerLabels } from "@mcpproxy/core/docker/labels";
import { testImage } from "../../engine/testing/docker-fixture.ts";
import { dockerCommand } from "./docker-command.ts";

const docker = dockerCommand();

/** Containers that are none of a proxy's business, though their names or labels look like it. */
export interface Bystanders extends AsyncDisposable {
  /** Names of those that are not as they were. */
  disturbed(): Promise<readonly string[]>;
}

/** Starts one of another instance with the same server, one that only has the name of ours, and one whose server's name begins with ours. */
export async function startBystanders(server: string): Promise<Bystanders> {
  const other = `test-other-${randomUUID()}`;
  const suffix = randomUUID().slice(0, 4);
  const names = [`mcpproxy-${server}-${suffix}`, `mcpproxy-${server}-bar-${suffix}`, `${server}-${suffix}`];
  const [sameServer = "", longerName = "", unlabelled = ""] = names;
  await start(sameServer, labelsOf(server, other, sameServer));
  await start(longerName, labelsOf(`${server}-bar`, other, longerName));
  await start(unlabelled, {});
  const before = await describe(names);
  return {
    async disturbed() {
      const now = await describe(names);
      return names.filter((_, index) => now[index] !== before[index]);
    },
    async [Symbol.asyncDispose]() {
      await docker("rm", "--force", ...names);
    },
  };
}

function labelsOf(server: string, instanceId: string, name: string): Record<string, string> {
  return containerLabels(server, { name, instanceId, runId: randomUUID(), createdAt: new Date().toISOString() });
}

async function start(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const labelled = Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
  const sleep = ["node", "-e", "setInterval(() => undefined, 60_000)"];
  await docker("run", "--detach", "--init", "--network", "none", "--name", name, ...labelled, testImage, ...sleep);
}

async function describe(names: readonly string[]): Promise<readonly string[]> {
  return await Promise.all(
    names.map((name) =>
      docker("inspect", "--format", "{{.Id}} {{.State.Status}} {{.State.StartedAt}}", name).catch(String),
    ),
  );
}
