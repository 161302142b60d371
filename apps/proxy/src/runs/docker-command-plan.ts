import { containerLabels } from "@mcpproxy/core/docker/labels";
import type { DockerRunCommand } from "@mcpproxy/core/plan/docker-run-command";
import { maskDockerRunSecrets, whyUnwatched, withIdentity } from "@mcpproxy/core/plan/docker-run-identity";
import type { ContainerIdentity, DirectLaunch, EnvVariable } from "@mcpproxy/core/plan/isolation-plan";
import type { ContainerEngine } from "../engine/engine.ts";
import type { RunnablePlan } from "./first-record.ts";

export type DirectPlan = Extract<RunnablePlan, { kind: "direct" }>;

interface AnyDockerCommand {
  readonly dockerRun: DockerRunCommand;
  readonly launch: DirectLaunch;
  /** As it may be shown. */
  readonly shownCommand: readonly string[];
}

/** A `docker run` of the user's own: with our name and labels where its container can be watched, untouched elsewhere. */
export type DockerCommandPlan =
  | (AnyDockerCommand & {
      readonly kind: "watched";
      readonly engine: ContainerEngine;
      readonly identity: ContainerIdentity;
      readonly containerName: string;
      /** The arguments of docker as they may be shown. */
      readonly shownArgs: readonly string[];
      /** How it runs when the engine goes away just now. */
      readonly untouched: DirectLaunch;
    })
  | (AnyDockerCommand & { readonly kind: "unwatched"; readonly reason: string });

/** Decides how a `docker run` of the user's own is run; undefined for every other command. */
export function planDockerCommand(
  { launch, engine }: DirectPlan,
  identity: ContainerIdentity,
): DockerCommandPlan | undefined {
  const { dockerRun } = launch;
  if (dockerRun === undefined) return undefined;
  const shownCommand = maskDockerRunSecrets(launch.command, dockerRun);
  const untouched = engine === undefined ? launch : toEngine(launch, engine);
  const reason = whyUnwatched(dockerRun, launch.env) ?? whyUnreachable(engine);
  if (reason !== undefined || engine === undefined || dockerRun.prefix === undefined)
    return { kind: "unwatched", dockerRun, launch: untouched, shownCommand, reason: reason ?? "no engine is known" };
  const containerName = dockerRun.name ?? identity.name;
  const args = withIdentity(dockerRun, {
    name: containerName,
    labels: containerLabels(launch.server, identity),
  });
  return {
    kind: "watched",
    dockerRun,
    engine,
    identity,
    containerName,
    launch: { ...untouched, command: [...dockerRun.prefix, ...args] },
    untouched,
    shownCommand,
    shownArgs: maskDockerRunSecrets(args, dockerRun),
  };
}

function whyUnreachable(engine: ContainerEngine | undefined): string | undefined {
  if (engine === undefined) return "no Docker engine was found";
  const { state, endpoint, problem } = engine.status;
  return state === "available" ? undefined : (problem?.message ?? `Docker at ${endpoint} cannot be reached`);
}

/** What the config sets itself goes before. */
function toEngine(launch: DirectLaunch, engine: ContainerEngine): DirectLaunch {
  const given = new Set(launch.env.map(({ name }) => name));
  if (given.has("DOCKER_HOST") || given.has("DOCKER_CONTEXT")) return launch;
  const added = Object.entries(engine.commandVariables()).flatMap(([name, value]): readonly EnvVariable[] =>
    given.has(name) ? [] : [{ name, value, isSecret: false }],
  );
  return { ...launch, env: [...added, ...launch.env] };
}
