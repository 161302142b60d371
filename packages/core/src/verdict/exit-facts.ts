import { assertNever } from "../assert-never.ts";
import type { EngineEvent, ExitEvidence, StopIntent, StopStep } from "./exit-evidence.ts";
import { eventsOfRun } from "./run-events.ts";
import { sigkill, signalOfExitCode, sigterm } from "./signals.ts";

/** What the rules ask about, derived once from the evidence. */
export interface ExitFacts {
  /** Its events are those of this run alone, in order. */
  readonly evidence: ExitEvidence;
  /** From inspect, else from the die event, else 128+n for a host process that a signal ended. */
  readonly exitCode: number | undefined;
  readonly signal: number | undefined;
  readonly hasOom: boolean;
  readonly oomEvent: EngineEvent | undefined;
  /** The first intent, unless the process had ended before it. */
  readonly intent: StopIntent | undefined;
  /** Signals that reached the container and are not our own stop steps. */
  readonly outsideKills: readonly EngineEvent[];
  readonly hasOurSigkill: boolean;
  readonly wasReady: boolean;
}

/** Clocks of engine and proxy may differ a little; a stop step that far after the end still counts as the cause. */
const clockToleranceMs = 5000;

export function gatherFacts(given: ExitEvidence): ExitFacts {
  const evidence = { ...given, events: eventsOfRun(given) };
  const kills = splitKills(evidence);
  const exitCode =
    evidence.exitCode ??
    dieEventOf(evidence)?.exitCode ??
    (evidence.signal === undefined ? undefined : 128 + evidence.signal);
  const oomEvent = evidence.events.findLast(({ action }) => action === "oom");
  return {
    evidence,
    exitCode,
    signal: evidence.signal ?? (exitCode === undefined ? undefined : signalOfExitCode(exitCode)),
    hasOom: evidence.isOomFlagSet || oomEvent !== undefined,
    oomEvent,
    intent: effectiveIntent(evidence, kills.ours),
    outsideKills: kills.outside,
    hasOurSigkill: evidence.stopSteps.some(({ step }) => step === "sigkill"),
    wasReady: evidence.readyAt !== undefined,
  };
}

/** When the process ended, by the engine's own event where there is one. */
export function endTimeMs(evidence: ExitEvidence): number {
  return Date.parse(dieEventOf(evidence)?.at ?? evidence.endedAt);
}

/** True when the engine's events around the end were not seen. */
export function isEndUnwatched(evidence: ExitEvidence): boolean {
  const { eventGap } = evidence;
  if (eventGap === undefined) return false;
  const endMs = endTimeMs(evidence);
  return Date.parse(eventGap.from) <= endMs + clockToleranceMs && Date.parse(eventGap.to) >= endMs - clockToleranceMs;
}

function dieEventOf(evidence: ExitEvidence): EngineEvent | undefined {
  return evidence.events.findLast(({ action }) => action === "die");
}

function effectiveIntent(evidence: ExitEvidence, ourKills: readonly EngineEvent[]): StopIntent | undefined {
  const intent = evidence.intents.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at))[0];
  if (intent === undefined) return undefined;
  const [firstStep] = evidence.stopSteps;
  // Steps before any intent: we stopped it for another reason, such as no answer to initialize.
  if (firstStep !== undefined && Date.parse(firstStep.at) < Date.parse(intent.at)) return undefined;
  // The engine itself tells that our signal came before the end, whatever its clock says.
  if (isRecovery(intent) || ourKills.length > 0) return intent;
  const toleranceMs = firstStep === undefined ? 0 : clockToleranceMs;
  return endTimeMs(evidence) < Date.parse(intent.at) - toleranceMs ? undefined : intent;
}

/** Recorded only when the end is our doing, be it that our own end, earlier than this record, closed the run's stdin. */
function isRecovery({ reason }: StopIntent): boolean {
  return reason.kind === "policy" && (reason.policy === "recovered" || reason.policy === "interrupted");
}

/** Each of our steps accounts for one kill event with its signal; what remains came from somebody else. */
function splitKills({ events, stopSteps }: ExitEvidence): Record<"ours" | "outside", readonly EngineEvent[]> {
  const steps = stopSteps.map(signalOfStep).filter((signal) => signal !== undefined);
  const ours: EngineEvent[] = [];
  const outside: EngineEvent[] = [];
  for (const event of events.filter(({ action }) => action === "kill")) {
    const index = steps.indexOf(event.signal ?? sigkill);
    (index === -1 ? outside : ours).push(event);
    if (index !== -1) steps.splice(index, 1);
  }
  return { ours, outside };
}

function signalOfStep({ step }: StopStep): number | undefined {
  switch (step) {
    case "sigterm":
      return sigterm;
    case "sigkill":
      return sigkill;
    case "stdin-closed":
      return undefined;
    default:
      return assertNever(step);
  }
}
