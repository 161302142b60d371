import type { ServerConfig, Settings } from "@mcpproxy/config-schema/config";
import { detectRuntime, isOneContainerEngine } from "../runtime/detect-runtime.ts";
import { buildPlan, configuredEnv, engineOf, timeoutsOf } from "./build-plan.ts";
import { checkVolumes } from "./check-volumes.ts";
import { chooseImage } from "./choose-image.ts";
import { toContainerCommand } from "./container-command.ts";
import { checkDockerRun } from "./check-docker-run.ts";
import { parseDockerRun, type DockerRunCommand } from "./docker-run-command.ts";
import { effectiveSettings, type EffectiveSettings } from "./effective-settings.ts";
import type { Finding } from "./finding.ts";
import { findInvisiblePaths } from "./invisible-paths.ts";
import type { HostFacts, PlanResult } from "./isolation-plan.ts";
import {
  refuseDisabled,
  refuseDockerCommand,
  refuseDockerScript,
  refuseIsolationOff,
  refuseUnknownRuntime,
} from "./refusals.ts";
import { planRemote } from "./plan-remote.ts";
import { settingFindings } from "./setting-findings.ts";

export interface PlanInput {
  readonly server: ServerConfig;
  readonly settings: Settings;
  readonly host: HostFacts;
}

interface Planning extends PlanInput {
  readonly effective: EffectiveSettings;
}

/**
 * Decides how a server runs: isolated in a container, directly on the host because the configuration says so,
 * or not at all. Never falls back from isolated to direct.
 */
export function planIsolation(input: PlanInput): PlanResult {
  const { server, settings } = input;
  const planning = { ...input, effective: effectiveSettings(input) };
  const wantsIsolation = server.isolation.isEnabled;
  if (!server.isEnabled) return refuseDisabled(server.name);
  const { remote } = server;
  if (remote !== undefined) return planRemote({ ...input, remote, values: planning.effective.values });
  const dockerRun = parseDockerRun([server.command, ...server.args]);
  if (wantsIsolation === false)
    return direct(planning, { reason: "isolation.enabled is false for this server.", dockerRun });
  if (!settings.dockerIsolation.isEnabled) {
    if (wantsIsolation === true) return refuseIsolationOff(server.name);
    return direct(planning, { reason: "docker_isolation.enabled is false for all servers.", dockerRun });
  }
  return planContainer(planning, dockerRun);
}

function planContainer(planning: Planning, dockerRun: DockerRunCommand | undefined): PlanResult {
  const { server, settings, host, effective } = planning;
  const { values } = effective;
  const detected = detectRuntime(server.command, server.args);
  if (detected.kind === "container-engine") return planEngineCommand(planning, detected.program, dockerRun);
  const chosen = chooseImage({ server, settings, registry: values.registry }, detected);
  if (chosen === undefined) return refuseUnknownRuntime(server.name, detected.program);
  const volumes = checkVolumes(server, { host, values });
  if (volumes.refusal !== undefined) return { kind: "refused", refusal: volumes.refusal };
  const command = toContainerCommand([server.command, ...server.args], chosen);
  return {
    kind: "isolated",
    plan: buildPlan({ server, values, host }, { chosen, command }),
    findings: [
      ...volumes.findings,
      ...settingFindings(server, effective, chosen),
      ...findInvisiblePaths(server, host),
      ...command.findings,
    ],
  };
}

/** Docker in Docker does not work, so such a command is never wrapped; and only a plain one may run on the host unasked. */
function planEngineCommand(planning: Planning, program: string, dockerRun: DockerRunCommand | undefined): PlanResult {
  const { server } = planning;
  const asksForContainer = server.isolation.isEnabled === true || server.isolation.image !== undefined;
  if (asksForContainer) return refuseDockerCommand(server.name, program);
  if (!isOneContainerEngine(server.command, server.args)) return refuseDockerScript(server.name, program);
  return direct(planning, {
    reason: `The command is ${program} itself, it is never wrapped (Docker-in-Docker).`,
    dockerRun,
    finding: {
      code: "docker_in_docker",
      severity: "hint",
      message: `The command is ${program}, so isolation is skipped.`,
      remedy: 'Say so with "isolation": { "enabled": false }, which is clearer.',
      fix: { key: "enabled", operation: "set", value: false },
    },
  });
}

interface DirectReason {
  readonly reason: string;
  readonly dockerRun: DockerRunCommand | undefined;
  readonly finding?: Finding;
}

function direct({ server, host, effective }: Planning, why: DirectReason): PlanResult {
  const { dockerRun, finding } = why;
  const checked = dockerRun === undefined ? { findings: [] } : checkDockerRun(server.name, dockerRun, host);
  if (checked.refusal !== undefined) return { kind: "refused", refusal: checked.refusal };
  return {
    kind: "direct",
    launch: {
      server: server.name,
      command: [server.command, ...server.args],
      env: configuredEnv(server),
      ...(server.workingDir === undefined ? {} : { workingDir: server.workingDir }),
      timeouts: timeoutsOf(effective.values),
      engine: engineOf(effective.values),
      ...(dockerRun === undefined ? {} : { dockerRun }),
    },
    reason: why.reason,
    findings: [
      ...(finding === undefined ? [] : [finding]),
      ...checked.findings,
      ...(dockerRun === undefined ? [onHost()] : []),
    ],
  };
}

function onHost(): Finding {
  return {
    code: "no_isolation",
    severity: "danger",
    message: "The server runs on this machine with all your rights.",
    remedy: 'Remove "enabled": false to run it in a container.',
    fix: { key: "enabled", operation: "set", value: true },
  };
}
