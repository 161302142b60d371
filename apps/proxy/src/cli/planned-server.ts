import { randomBytes } from "node:crypto";
import { containerName, containerSuffix } from "@mcpproxy/core/docker/container-name";
import type { ContainerIdentity } from "@mcpproxy/core/plan/isolation-plan";
import { createRedactor, type Redactor } from "@mcpproxy/core/redaction/redact";
import { v7 as uuidv7 } from "uuid";
import { AppError } from "../app-error.ts";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { loadConfig } from "../config/load-config.ts";
import { planServers, secretsOf } from "../config/plan-servers.ts";
import { readOrCreateSecret } from "../config/private-file.ts";
import type { PathOptions } from "../paths.ts";
import type { ServerSpec } from "../runs/server-spec.ts";
import { pathsOf, type CommandContext } from "./command-context.ts";

export interface PlannedServer {
  readonly spec: ServerSpec;
  /** One that a container of it could have. */
  readonly identity: ContainerIdentity;
  readonly redact: Redactor;
}

/** Plans one server from the config file, as the proxy would. Throws AppError server_not_found that names those there are. */
export async function planOneServer(
  server: string,
  options: PathOptions,
  context: CommandContext,
): Promise<PlannedServer> {
  const paths = pathsOf(options, context);
  const config = await loadConfig(paths.config);
  const specs = planServers(config, gatherPlanningFacts(context.environment, context.platform));
  const spec = specs.find(({ name }) => name === server);
  if (spec === undefined) {
    throw new AppError(
      "server_not_found",
      `No server is called "${server}" in ${paths.config}. Configured: ${specs.map(({ name }) => name).join(", ") || "none"}.`,
    );
  }
  const identity = {
    name: containerName(server, containerSuffix(randomBytes(16))),
    instanceId: await readOrCreateSecret(paths.instanceId, 8),
    runId: uuidv7(),
    createdAt: new Date().toISOString(),
  };
  return { spec, identity, redact: createRedactor(secretsOf(config, context.environment)) };
}
