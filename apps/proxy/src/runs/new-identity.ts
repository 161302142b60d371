import { containerName } from "@mcpproxy/core/docker/container-name";
import type { ContainerIdentity } from "@mcpproxy/core/plan/isolation-plan";
import type { RunDependencies } from "./run-dependencies.ts";

/** Who the next container of a server is, from now. */
export function newIdentity(
  server: string,
  { instanceId, newRunId, newContainerSuffix, clock }: RunDependencies,
): ContainerIdentity {
  return {
    name: containerName(server, newContainerSuffix()),
    instanceId,
    runId: newRunId(),
    createdAt: clock.timestamp(),
  };
}
