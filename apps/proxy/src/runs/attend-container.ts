import type { Workload } from "../engine/engine.ts";
import type { RunnablePlan } from "./first-record.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import type { RunRecorder } from "./run-recorder.ts";

export interface AttendContainerInput {
  readonly workload: Workload;
  readonly plan: RunnablePlan;
  readonly recorder: RunRecorder;
  readonly dependencies: RunDependencies;
  /** Something shown on the server's row changed. */
  onChange(): void;
}

/** Sees to a container that has just started, beside its start: its way out, and how well it is isolated. Never throws. */
export function attendContainer(input: AttendContainerInput): void {
  void noteIsolation(input);
  void letOut(input);
}

/** Its address is known once it runs; what it tries before waits at the filter. */
async function letOut({ workload, plan, recorder, dependencies }: AttendContainerInput): Promise<void> {
  if (plan.kind !== "isolated" || plan.plan.network.mode !== "allowlist") return;
  const { egress, mainLog } = dependencies;
  try {
    const release = await egress.admit({
      engine: plan.engine,
      containerId: workload.id,
      runId: recorder.record.id,
      plan: plan.plan,
      onDenied: ({ message }) => recorder.event("egress-denied", message),
    });
    void workload.ended.then(release);
  } catch (error) {
    // Closed is the safe side: the server runs on without a way out.
    mainLog.warn({ run: recorder.record.id, error: String(error) }, "could not let a server out to its hosts");
  }
}

/** Nobody has to wait for what is only shown. */
async function noteIsolation({
  workload,
  plan,
  recorder,
  dependencies,
  onChange,
}: AttendContainerInput): Promise<void> {
  const { engine } = plan;
  if (engine === undefined || workload.id.startsWith("pid:")) return;
  try {
    recorder.update({ isolationReport: await engine.readIsolation(workload.id) });
    onChange();
  } catch (error) {
    // A container that is gone already has no report; its end tells the rest.
    dependencies.mainLog.debug({ error: String(error) }, "could not read the isolation of a run");
  }
}
