import type { ServerConfig, Settings } from "@mcpproxy/config-schema/config";
import { detectRuntime } from "../runtime/detect-runtime.ts";
import { buildPlan, configuredEnv, effectiveTimeouts } from "./build-plan.ts";
import { chooseImage } from "./choose-image.ts";
import { toContainerCommand } from "./container-command.ts";
import type { HostFacts, PlanResult } from "./isolation-plan.ts";
import { refuseDisabled, refuseDockerCommand, refuseIsolationOff, refuseUnknownRuntime } from "./refusals.ts";

export interface PlanInput {
  readonly server: ServerConfig;
  readonly settings: Settings;
  readonly host: HostFacts;
}

/**
 * Decides how a server runs: isolated in a container, directly on the host because the configuration says so,
 * or not at all. Never falls back from isolated to direct.
 */
export function planIsolation(input: PlanInput): PlanResult {
  const { server, settings } = input;
  const wantsIsolation = server.isolation.isEnabled;
  if (!server.isEnabled) return refuseDisabled(server.name);
  if (wantsIsolation === false) return direct(input, { reason: "isolation.enabled is false for this server." });
  if (!settings.dockerIsolation.isEnabled) {
    if (wantsIsolation === true) return refuseIsolationOff(server.name);
    return direct(input, { reason: "docker_isolation.enabled is false for all servers." });
  }
  return planContainer(input);
}

function planContainer(input: PlanInput): PlanResult {
  const { server } = input;
  const detected = detectRuntime(server.command, server.args);
  if (detected.kind === "container-engine") {
    const asksForContainer = server.isolation.isEnabled === true || server.isolation.image !== undefined;
    return asksForContainer
      ? refuseDockerCommand(server.name, detected.program)
      : directForEngine(input, detected.program);
  }
  const chosen = chooseImage(input, detected);
  if (chosen === undefined) return refuseUnknownRuntime(server.name, detected.program);
  const { command, warnings } = toContainerCommand([server.command, ...server.args], chosen);
  return { kind: "isolated", plan: buildPlan(input, { chosen, command }), warnings };
}

function directForEngine(input: PlanInput, program: string): PlanResult {
  return direct(input, {
    reason: `The command is ${program} itself, it is never wrapped (Docker-in-Docker).`,
    warning: `The command is ${program}, so isolation is skipped. Say so with "isolation": { "enabled": false }, which is clearer.`,
  });
}

function direct(input: PlanInput, why: { readonly reason: string; readonly warning?: string }): PlanResult {
  const { server } = input;
  return {
    kind: "direct",
    launch: {
      server: server.name,
      command: [server.command, ...server.args],
      env: configuredEnv(server),
      ...(server.workingDir === undefined ? {} : { workingDir: server.workingDir }),
      timeouts: effectiveTimeouts(input),
    },
    reason: why.reason,
    warnings: why.warning === undefined ? [] : [why.warning],
  };
}
