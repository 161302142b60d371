import { EngineError, type CommandContainer, type Workload, type WorkloadOutput } from "../engine/engine.ts";
import { formatDockerRunArgs } from "../logs/docker-run-args-line.ts";
import type { DockerCommandPlan } from "./docker-command-plan.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import type { RunRecorder } from "./run-recorder.ts";

export interface DockerCommandInput {
  readonly command: DockerCommandPlan;
  readonly recorder: RunRecorder;
  readonly dependencies: RunDependencies;
  readonly output: WorkloadOutput;
}

type WatchedInput = DockerCommandInput & { readonly command: DockerCommandPlan & { kind: "watched" } };

/** Prepares the user's own `docker run`; where its container cannot be watched, it is a process like any other. */
export async function createDockerCommand(input: DockerCommandInput): Promise<Workload> {
  const { command, dependencies, output } = input;
  if (command.kind === "unwatched") {
    noteUnwatched(input, command.reason);
    return await dependencies.host.create(command.launch, output);
  }
  try {
    if (input.recorder.record.isolation === "docker") return await adopt({ ...input, command });
    noteUnwatched(input, "Docker could not be reached when the run was decided");
  } catch (error) {
    if (!(error instanceof EngineError) || error.detail.stage !== "engine") throw error;
    noteUnwatched(input, error.message);
  }
  return await dependencies.host.create(command.untouched, output);
}

async function adopt(input: WatchedInput): Promise<Workload> {
  const { command, recorder, dependencies, output } = input;
  const { launch, dockerRun, identity } = command;
  dependencies.mainLog.info(
    { server: launch.server, run: identity.runId },
    `docker_run_args: ${formatDockerRunArgs(recorder.record.dockerRunArgs ?? [])}`,
  );
  const startedMs = dependencies.clock.now();
  return await command.engine.adopt({
    server: launch.server,
    command: dockerRun,
    identity,
    pullTimeoutMs: launch.timeouts.pullMs,
    output,
    createClient: (through) => dependencies.host.create(launch, through),
    onPullStarted: () => recorder.event("pull-started", `The docker command pulls ${dockerRun.image}.`),
    onCreated: (container) => noteContainer(input, container, dependencies.clock.now() - startedMs),
    onUnseen: () =>
      noteUnwatched(input, `no container of it shows up on the engine at ${command.engine.status.endpoint}`),
  });
}

function noteContainer({ recorder }: WatchedInput, container: CommandContainer, durationMs: number): void {
  const { id, name, imageDigest, limits } = container;
  recorder.update({
    containerId: id,
    containerName: name,
    imageDigest,
    limits,
    timings: { ...recorder.record.timings, createMs: Math.round(durationMs) },
  });
  recorder.event("created", `The docker command created the container ${name}.`, { durationMs });
}

/** The config asks for exactly this process, so it runs; what nobody can know of it is said. */
function noteUnwatched({ command, recorder, dependencies }: DockerCommandInput, reason: string): void {
  const message = `The container of the docker command cannot be watched: ${reason.replace(/\.$/, "")}. Its memory and the reason of its end stay unknown.`;
  if (recorder.record.isolation === "docker")
    recorder.update({ isolation: "none", engine: null, containerId: null, containerName: null, dockerRunArgs: null });
  recorder.event("created", message);
  dependencies.serverLog(command.launch.server).info(message);
}
