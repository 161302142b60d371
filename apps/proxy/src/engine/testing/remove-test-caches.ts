import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { instanceLabel } from "@mcpproxy/core/docker/labels";

const execute = promisify(execFile);

/** Removes the volumes of a test's instance. */
export async function removeTestCaches(instanceId: string): Promise<void> {
  const { stdout } = await execute("docker", [
    "volume",
    "ls",
    "-q",
    "--filter",
    `label=${instanceLabel}=${instanceId}`,
  ]);
  const names = stdout.split("\n").filter((name) => name !== "");
  if (names.length > 0) await execute("docker", ["volume", "rm", "-f", ...names]);
}
