import { docker } from "../harness/docker.ts";
import { repository } from "../harness/repository.ts";

const image = "hungry-server:1.0";
const baseImage = "node:20";

/** A server that holds the fixture in its image, so that no path of this machine is in the picture. */
export const hungryServer = {
  name: "hungry",
  command: "node",
  args: ["/server.mjs"],
  isolation: { image, memory_limit: "64m", pull_policy: "never" },
};

/** Copies the fixture into an image of its own; needs node:20 (`mcpproxy images pull`, or `build-from-host`). */
export async function buildHungryImage(): Promise<void> {
  const container = await docker("create", baseImage, "node", "/server.mjs");
  try {
    await docker("cp", repository.nodeFixture, `${container}:/server.mjs`);
    await docker("commit", container, image);
  } finally {
    await docker("rm", container);
  }
}

export async function removeHungryImage(): Promise<void> {
  await docker("rmi", image);
}
