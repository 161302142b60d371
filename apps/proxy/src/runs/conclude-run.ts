import type { CallInFlight } from "@mcpproxy/core/run/run-record";
import type { ExitEvidence, StartFailure, StopStep } from "@mcpproxy/core/verdict/exit-evidence";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import { classifyExit } from "@mcpproxy/core/verdict/classify-exit";
import type { Bridge } from "../bridge/bridge.ts";
import type { Workload, WorkloadEnd } from "../engine/engine.ts";
import { timeoutsOf, type RunDecision } from "./first-record.ts";
import { keepsContainer } from "./kept-containers.ts";
import { lostInputIntent } from "./lost-input.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { runEndedError } from "./run-failure.ts";
import type { RunRecorder } from "./run-recorder.ts";
import type { StderrTail } from "./stderr-tail.ts";

export interface ConcludeRunInput {
  readonly recorder: RunRecorder;
  readonly dependencies: RunDependencies;
  readonly decision: RunDecision;
  readonly bridge: Bridge;
  readonly workload: Workload | undefined;
  readonly end: WorkloadEnd | undefined;
  readonly failure: StartFailure | undefined;
  readonly stopSteps: readonly StopStep[];
  readonly tail: StderrTail;
  readonly peakBytes: number | undefined;
  /** Calls that failed when the stdio was lost, before the end. */
  readonly callsCutOff: readonly CallInFlight[] | undefined;
}

/** Evidence → verdict → waiting calls told → history written → container removed or kept, in this order. */
export async function concludeRun(input: ConcludeRunInput): Promise<Verdict> {
  const { recorder, dependencies, bridge, end } = input;
  const lost = recorder.intents.length === 0 ? lostInputIntent(end, dependencies.clock) : undefined;
  // Stored with the rest of the end: nothing is sent for it.
  if (lost !== undefined) void recorder.intend(lost);
  const evidence = gatherEvidence(input);
  dependencies.deaths.close(recorder.record.id);
  const verdict = classifyExit(evidence);
  const callsInFlight = input.callsCutOff ?? bridge.describeCallsInFlight();
  const { callsTotal } = bridge.counters;

  recorder.update({
    state: "ended",
    verdict,
    endedAt: evidence.endedAt,
    durationMs: recorder.durationMsUntil(evidence.endedAt),
    exitCode: end?.exitCode ?? exitCodeOfFailure(input.failure),
    signal: end?.signal ?? null,
    oomKilled: evidence.isOomFlagSet,
    peakMemoryBytes: evidence.memory.peakBytes ?? null,
    sessions: bridge.sessionCount,
    callsTotal,
    callsInFlight,
    stderrTail: evidence.stderrTail,
    ...(lost === undefined ? {} : { stoppedBy: lost.actor }),
  });
  // After the record says so: a client may answer the error with its next call at once, and that call needs a new run.
  bridge.detach(runEndedError({ server: recorder.record.server, runId: recorder.record.id, verdict }));
  bridge.counters.callsTotal = 0;
  recorder.event("ended", verdict.summary, { at: evidence.endedAt });
  dependencies.mainLog.info(
    { server: recorder.record.server, run: recorder.record.id, verdict: verdict.kind },
    `run ended: ${verdict.summary}`,
  );
  dependencies.serverLog(recorder.record.server).info(`Run ${recorder.record.id} ended: ${verdict.summary}`);
  await recorder.settled();
  const known = { ...input, end: await confirmedEnd(end) };
  const confirmed = await confirmVerdict(known, verdict);
  await letContainerGo(known, confirmed);
  return confirmed;
}

/** What the engine says in the end; one that has lost the container by then knows less than its events told. */
async function confirmedEnd(end: WorkloadEnd | undefined): Promise<WorkloadEnd | undefined> {
  const later = await end?.confirmed;
  return later === undefined || later.containerState === "gone" ? end : { ...end, ...later };
}

/** What came late is looked at before the container goes: it may make another verdict. */
async function confirmVerdict(input: ConcludeRunInput, verdict: Verdict): Promise<Verdict> {
  const { recorder, dependencies, end } = input;
  if (end?.confirmed === undefined) return verdict;
  const evidence = gatherEvidence(input);
  const confirmed = classifyExit(evidence);
  if (confirmed.kind === verdict.kind && confirmed.confidence === verdict.confidence) return verdict;
  recorder.update({
    verdict: confirmed,
    exitCode: end.exitCode ?? null,
    oomKilled: evidence.isOomFlagSet,
    peakMemoryBytes: evidence.memory.peakBytes ?? null,
    stderrTail: evidence.stderrTail,
  });
  recorder.event("ended", `Docker answered late, and changes the verdict: ${confirmed.summary}`);
  dependencies.mainLog.info(
    { server: recorder.record.server, run: recorder.record.id, verdict: confirmed.kind },
    `the verdict of a run was changed by what Docker said late: ${confirmed.summary}`,
  );
  await recorder.settled();
  return confirmed;
}

function gatherEvidence(input: ConcludeRunInput): ExitEvidence {
  const { recorder, dependencies, end, failure } = input;
  const { record } = recorder;
  const { plan } = input.decision;
  const timeouts = timeoutsOf(plan);
  const endedAt = end?.endedAt ?? dependencies.clock.timestamp();
  const hadOom = end?.isOomFlagSet === true || end?.events.some((event) => event.action === "oom") === true;
  const limitBytes = record.limits.memoryBytes ?? undefined;
  // The last reading may be a second old; a kernel that killed for memory was at the limit.
  const peakBytes = highest(input.peakBytes, end?.kernelPeakBytes, hadOom ? limitBytes : undefined);
  return {
    isolation: record.isolation,
    command: record.command,
    ...(record.image === null ? {} : { image: record.image }),
    ...(record.limits.network === null ? {} : { network: record.limits.network }),
    startedAt: record.startedAt,
    ...(record.readyAt === null ? {} : { readyAt: record.readyAt }),
    endedAt,
    containerState: end?.containerState ?? "none",
    ...(end?.exitCode === undefined ? {} : { exitCode: end.exitCode }),
    ...(end?.signal === undefined ? {} : { signal: end.signal }),
    isOomFlagSet: end?.isOomFlagSet ?? false,
    ...(end?.stateError === undefined ? {} : { stateError: end.stateError }),
    events: end?.events ?? [],
    intents: recorder.intents,
    stopSteps: input.stopSteps,
    ...(failure === undefined ? {} : { failure }),
    memory: {
      ...(limitBytes === undefined ? {} : { limitBytes }),
      ...(peakBytes === undefined
        ? {}
        : { peakBytes, peakSource: end?.kernelPeakBytes === undefined ? "readings" : "kernel" }),
    },
    stderrTail: input.tail.read(),
    ...(end?.eventGap === undefined ? {} : { eventGap: end.eventGap }),
    otherDeathsInSameSecond: dependencies.deaths.othersWithinSecond(record.id, endedAt),
    isSessionScoped: input.decision.isSessionScoped,
    stopTimeoutMs: timeouts.stopMs,
  };
}

function highest(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function exitCodeOfFailure(failure: StartFailure | undefined): number | null {
  return failure?.stage === "create" || failure?.stage === "start" ? (failure.exitCode ?? null) : null;
}

/** The newest container of a failed run stays for `docker logs` and `docker inspect`; every other one goes at once. */
async function letContainerGo(input: ConcludeRunInput, verdict: Verdict): Promise<void> {
  const { workload, recorder, dependencies, decision } = input;
  if (workload === undefined) return;
  try {
    if (
      recorder.record.isolation === "docker" &&
      input.end?.containerState === "exited" &&
      keepsContainer(verdict, decision.keepExited)
    ) {
      await dependencies.kept.keep(
        { server: recorder.record.server, containerId: workload.id, remove: () => workload.remove() },
        decision.keepExited,
      );
      return;
    }
    await workload.remove();
    if (recorder.record.isolation === "docker") recorder.event("removed", "Removed the container.");
  } catch (error) {
    dependencies.mainLog.warn({ run: recorder.record.id, error: String(error) }, "could not remove a container");
  }
}
