import type { ServerConfig, Settings } from "@mcpproxy/config-schema/config";
import { planCaCertificates } from "./ca-certificates.ts";
import type { ChosenImage } from "./choose-image.ts";
import type { Command } from "./container-command.ts";
import type { EnvVariable, Hardening, HostFacts, IsolationPlan, LogDriver } from "./isolation-plan.ts";

interface PlanFacts {
  readonly server: ServerConfig;
  readonly settings: Settings;
  readonly host: HostFacts;
}

const hardening: Hardening = {
  capDrop: ["ALL"],
  capAdd: [],
  hasNoNewPrivileges: true,
  // Many servers ignore SIGTERM as process 1; an init process passes it on and reaps children.
  hasInit: true,
  hasReadOnlyRoot: false,
};

/** The plan of one container: the server's own values first, then the global ones. */
export function buildPlan(
  input: PlanFacts,
  decided: { readonly chosen: ChosenImage; readonly command: Command },
): IsolationPlan {
  const { isolation } = input.server;
  const defaults = input.settings.dockerIsolation;
  const userEnv = configuredEnv(input.server);
  const certificates = planCaCertificates(isolation.caCertificates ?? defaults.caCertificates, {
    host: input.host,
    userEnv,
  });
  const volumes = isolation.volumes.map(({ hostPath, containerPath, isReadOnly }) => ({
    source: hostPath,
    target: containerPath,
    isReadOnly,
  }));
  return {
    server: input.server.name,
    runtime: decided.chosen.runtime,
    image: decided.chosen.image,
    command: decided.command,
    env: [...certificates.env, ...userEnv],
    limits: effectiveLimits(input),
    network: isolation.networkMode ?? defaults.networkMode,
    mounts: [...certificates.mounts, ...volumes],
    ...(isolation.workingDir === undefined ? {} : { workingDir: isolation.workingDir }),
    hardening,
    logDriver: effectiveLogDriver(input),
    pullPolicy: isolation.pullPolicy ?? defaults.pullPolicy,
    timeouts: effectiveTimeouts(input),
  };
}

/** The variables of the configuration; all of them count as secrets. */
export function configuredEnv(server: ServerConfig): readonly EnvVariable[] {
  return Object.entries(server.env).map(([name, value]) => ({ name, value, isSecret: true }));
}

export function effectiveTimeouts({ server, settings }: PlanFacts): IsolationPlan["timeouts"] {
  const defaults = settings.dockerIsolation;
  return {
    pullMs: server.isolation.pullTimeoutMs ?? defaults.pullTimeoutMs,
    startMs: server.isolation.startTimeoutMs ?? defaults.startTimeoutMs,
    stopMs: server.isolation.stopTimeoutMs ?? defaults.stopTimeoutMs,
  };
}

function effectiveLimits({ server, settings }: PlanFacts): IsolationPlan["limits"] {
  const defaults = settings.dockerIsolation;
  const memoryBytes = server.isolation.memoryLimitBytes ?? defaults.memoryLimitBytes;
  return {
    memoryBytes,
    memorySwapBytes: memoryBytes,
    cpus: server.isolation.cpus ?? defaults.cpus,
    pids: server.isolation.pidsLimit ?? defaults.pidsLimit,
  };
}

function effectiveLogDriver({ server, settings }: PlanFacts): LogDriver {
  const defaults = settings.dockerIsolation;
  const name = server.isolation.logDriver ?? defaults.logDriver;
  // Only these two know the options; the others refuse to create a container with them.
  if (name !== "local" && name !== "json-file") return { name, options: {} };
  return {
    name,
    options: {
      "max-size": server.isolation.logMaxSize ?? defaults.logMaxSize,
      "max-file": String(server.isolation.logMaxFiles ?? defaults.logMaxFiles),
    },
  };
}
