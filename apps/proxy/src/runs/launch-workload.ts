import type { ContainerIdentity } from "@mcpproxy/core/plan/isolation-plan";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { formatDockerRunArgs } from "../logs/docker-run-args-line.ts";
import type { Workload, WorkloadOutput } from "../engine/engine.ts";
import type { RunnablePlan } from "./first-record.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import type { RunRecorder } from "./run-recorder.ts";

export interface LaunchInput {
  readonly plan: RunnablePlan;
  readonly identity: ContainerIdentity;
  readonly recorder: RunRecorder;
  readonly dependencies: RunDependencies;
  readonly output: WorkloadOutput;
  /** Aborted by a stop while the image is still being pulled. */
  readonly signal: AbortSignal;
  onImageReady(): void;
  onPullProgress(progress: PullProgress | null): void;
}

type ContainerLaunchInput = LaunchInput & { readonly plan: RunnablePlan & { kind: "isolated" } };

/** Pulls if needed, creates and attaches; the workload is not started yet. Rejects with EngineError. */
export async function createWorkload(input: LaunchInput): Promise<Workload> {
  const { plan, recorder, dependencies } = input;
  const startedMs = dependencies.clock.now();
  let workload: Workload;
  if (plan.kind === "isolated") {
    await prepareImage({ ...input, plan });
    const createdFrom = dependencies.clock.now();
    workload = await createContainer({ ...input, plan });
    noteCreated(input, workload, dependencies.clock.now() - createdFrom);
  } else {
    input.onImageReady();
    dependencies
      .serverLog(plan.launch.server)
      .info(`Docker isolation off for server: ${plan.launch.server} (${plan.reason})`);
    workload = await dependencies.host.create(plan.launch, input.output);
    recorder.event("created", `Runs on the host without isolation: ${plan.reason}`, {
      durationMs: dependencies.clock.now() - startedMs,
    });
  }
  return workload;
}

async function prepareImage(input: ContainerLaunchInput): Promise<void> {
  const { plan, recorder, dependencies } = input;
  const { image, pullPolicy, timeouts } = plan.plan;
  const startedMs = dependencies.clock.now();
  dependencies.serverLog(plan.plan.server).info(`Docker isolation enabled for server: ${plan.plan.server}`);
  const facts = await dependencies.docker.ensureImage({
    image,
    policy: pullPolicy,
    deadlineMs: timeouts.pullMs,
    signal: input.signal,
    onPullStarted: () => recorder.event("pull-started", `Pulling ${image}.`),
    onProgress: input.onPullProgress,
  });
  const durationMs = dependencies.clock.now() - startedMs;
  input.onPullProgress(null);
  if (facts.wasPulled) recorder.event("pull-finished", `Pulled ${image} (${facts.digest}).`, { durationMs });
  recorder.update({
    state: "creating",
    imageDigest: facts.digest,
    imageBuiltFromHost: facts.builtFromHost ?? null,
    timings: { ...recorder.record.timings, pullMs: facts.wasPulled ? Math.round(durationMs) : 0 },
  });
  input.onImageReady();
}

async function createContainer(input: ContainerLaunchInput): Promise<Workload> {
  const { plan, identity, recorder, dependencies } = input;
  dependencies.mainLog.info(
    { server: plan.plan.server, run: identity.runId },
    `docker_run_args: ${formatDockerRunArgs(recorder.record.dockerRunArgs ?? [])}`,
  );
  return await dependencies.docker.create({ plan: plan.plan, identity }, input.output);
}

function noteCreated(input: LaunchInput, workload: Workload, durationMs: number): void {
  const { recorder, identity } = input;
  recorder.update({
    state: "starting",
    containerId: workload.id,
    timings: { ...recorder.record.timings, createMs: Math.round(durationMs) },
  });
  recorder.event("created", `Created container ${identity.name}.`, { durationMs });
}
